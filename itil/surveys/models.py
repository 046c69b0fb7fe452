"""What people thought of how they were helped."""
