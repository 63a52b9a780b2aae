"""Building, verifying, swapping and rolling back published generations; reading them safely."""
