"""Great Expectations at both gates, and the report for auditors."""
