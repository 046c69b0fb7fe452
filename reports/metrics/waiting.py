"""States in which a ticket waits. Plain values: pages use them and import no pandas."""

# Nobody has begun yet, though nothing holds the ticket.
UNTOUCHED = ("new", "submitted")
# Of the phase of waiting.
HELD = ("on_hold", "awaiting_approval")
