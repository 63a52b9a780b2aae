"""Effects: each unit after Lean against the path it would have followed; frame in, frame out."""
