"""Which incidents belong to a problem, and which may belong to one."""
