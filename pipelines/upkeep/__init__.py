"""One home as those who operate it see it: looked over, copied to safety and brought back."""
