"""Files too large to be held in memory: read in parts, kept on disk until they are landed.

What can only be told from the whole of a file is gathered part by part. Where a part holds anything
that is not plain, the whole file is read with care instead, as any other file is.
"""
