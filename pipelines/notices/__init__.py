"""What is told when a night has gone, or has not: to those who operate it, and to leaders."""
