"""What people can order, by department."""
