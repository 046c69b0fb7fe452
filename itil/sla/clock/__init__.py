"""How clocks run, as a computation over a ticket's events (`SLA-15` to `SLA-26`).

Pure: nothing here asks the database, apart from the first use of an edition of a calendar. The
verbs of `actions` and the replay of a history go through the same functions. Instants are cut to
whole seconds; durations are seconds of business time.
"""

from .following import Watch, replay
from .standing import Standing

__all__ = ["Standing", "Watch", "replay"]
