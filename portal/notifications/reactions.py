"""Who hears of what happened to a ticket."""
