"""What other methods would have said of the same units; they decide no verdict.

The only room that knows another library of estimators (event_study: diff-diff and pandas).
"""
