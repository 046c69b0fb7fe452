"""Which windows a change falls under, and which changes disturb each other."""
