"""Files that nobody has described: profiled, and a draft of how they may be read.

Every guess says how certain it is. What a file then becomes is tried with ``ingest.trial``; where
the draft is written is decided by the command.
"""
