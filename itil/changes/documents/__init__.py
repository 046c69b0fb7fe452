"""Files made of changes, and the paper of minutes."""
