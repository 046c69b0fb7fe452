"""Time: timers, booking, one's week, lists of entries and what is decided about them."""
