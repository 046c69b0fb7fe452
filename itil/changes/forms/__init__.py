"""What is asked about changes."""
