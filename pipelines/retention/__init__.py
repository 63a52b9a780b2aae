"""What is older than it may be: found, told, and deleted when somebody says so."""
