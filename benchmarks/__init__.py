"""What the product costs, measured against the bare floor and against its peers.

``python -m benchmarks`` (``make benchmark``) measures and writes ``docs/performance.md``. Figures
are processor time of whole processes and ratios between runs of one session: seconds of a clock say
more of the machine than of the program. Nothing here is read by the pipeline.
"""
