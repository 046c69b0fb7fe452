"""What people ordered."""
