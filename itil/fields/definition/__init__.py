"""What a form asks: pure data, its rules and its checks. Knows no tables and no present time."""

from .checking import problems
from .choosing import Chooser, Thing, chooser, hand_over
from .draft import as_draft, from_draft, named
from .rules import Standing, standing
from .shape import (
    Condition,
    Definition,
    Effect,
    Group,
    Kind,
    Match,
    Operator,
    Option,
    Profile,
    Question,
    Section,
    Test,
)
from .values import Answer, Typed, fault, is_empty, read
from .words import differences, when

__all__ = [
    "Answer",
    "Chooser",
    "Condition",
    "Definition",
    "Effect",
    "Group",
    "Kind",
    "Match",
    "Operator",
    "Option",
    "Profile",
    "Question",
    "Section",
    "Standing",
    "Test",
    "Thing",
    "Typed",
    "as_draft",
    "chooser",
    "differences",
    "fault",
    "from_draft",
    "hand_over",
    "is_empty",
    "named",
    "problems",
    "read",
    "standing",
    "when",
]
