"""Changes, who decides them, how risky they are and what came of them."""

from itil.changes.lifecycle import ConflictStatus

from .board import AdvisoryBoard, AgendaItem, BoardMeeting, BoardMember, BoardRule, MinutesFile
from .change import Change
from .conflicts import Conflict, ConflictKind, ConflictRule, ConflictSeverity
from .feed import CalendarFeed
from .review import Announcement, CausedIncident, PostImplementationReview
from .risk import Authority, RiskAssessment, RiskFormula, RiskFormulaVersion, RiskQuestion
from .template import CHOOSABLE, COPIED, ChangeTemplate, TemplateEvent, TemplateVote
from .windows import FreezeExemption, FreezeWindow, MaintenanceWindow, WindowEvent

__all__ = [
    "CHOOSABLE",
    "COPIED",
    "AdvisoryBoard",
    "AgendaItem",
    "Announcement",
    "Authority",
    "BoardMeeting",
    "BoardMember",
    "BoardRule",
    "CalendarFeed",
    "CausedIncident",
    "Change",
    "ChangeTemplate",
    "Conflict",
    "ConflictKind",
    "ConflictRule",
    "ConflictSeverity",
    "ConflictStatus",
    "FreezeExemption",
    "FreezeWindow",
    "MaintenanceWindow",
    "MinutesFile",
    "PostImplementationReview",
    "RiskAssessment",
    "RiskFormula",
    "RiskFormulaVersion",
    "RiskQuestion",
    "TemplateEvent",
    "TemplateVote",
    "WindowEvent",
]
