"""What a schedule is made of: a calendar rule, its moments, its words, and what it opens.

Pure: no tables, no requests, no present time. Dates and times of day are those of the rule's zone;
moments are aware and in UTC.
"""

from .building import ANY_WEEKDAY, Frequency, Within, choices_of, rule_from
from .moments import OffDays, Timing, ensure_dates, following, upcoming
from .opening import OPENS, Occasion, Opened, Opener, frozen, hand_over, opener_of, openers
from .rules import Parts, parse
from .words import in_words, place_of

__all__ = [
    "ANY_WEEKDAY",
    "OPENS",
    "Frequency",
    "Occasion",
    "OffDays",
    "Opened",
    "Opener",
    "Parts",
    "Timing",
    "Within",
    "choices_of",
    "ensure_dates",
    "following",
    "frozen",
    "hand_over",
    "in_words",
    "opener_of",
    "openers",
    "parse",
    "place_of",
    "rule_from",
    "upcoming",
]
