"""What is asked about releases."""
