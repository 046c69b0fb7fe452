from .ageing import (
    Account,
    Ageing,
    Owed,
)
from .confirmations import (
    ConfirmationList,
    Decide,
)
from .corrections import (
    Credit,
    Differ,
    EndDifference,
    Void,
)
from .files import (
    Hours,
    Pdf,
)
from .listing import (
    InvoiceList,
)
from .month import (
    ThisMonth,
)
from .payments import (
    Allocate,
    PayBack,
    PaymentDetail,
    PaymentList,
    RecordPayment,
    Reverse,
    TakeOff,
)
from .record import (
    Detail,
    Issue,
    Line,
    Progress,
)
from .reminders import (
    Hold,
    LiftHold,
    ReminderList,
    SendReminders,
)
from .running import (
    Run,
)
from .runs import (
    CancelRun,
    IssueRun,
    RunDetail,
    RunProgress,
    Runs,
)
from .statements import (
    AcceptEntry,
    AcceptMany,
    EntryList,
    IgnoreEntry,
    RestoreEntry,
    StatementColumns,
    StatementDetail,
    StatementFile,
    StatementList,
    Upload,
)

__all__ = [
    "AcceptEntry",
    "AcceptMany",
    "Account",
    "Ageing",
    "Allocate",
    "CancelRun",
    "ConfirmationList",
    "Credit",
    "Decide",
    "Detail",
    "Differ",
    "EndDifference",
    "EntryList",
    "Hold",
    "Hours",
    "IgnoreEntry",
    "InvoiceList",
    "Issue",
    "IssueRun",
    "LiftHold",
    "Line",
    "Owed",
    "PayBack",
    "PaymentDetail",
    "PaymentList",
    "Pdf",
    "Progress",
    "RecordPayment",
    "ReminderList",
    "RestoreEntry",
    "Reverse",
    "Run",
    "RunDetail",
    "RunProgress",
    "Runs",
    "SendReminders",
    "StatementColumns",
    "StatementDetail",
    "StatementFile",
    "StatementList",
    "TakeOff",
    "ThisMonth",
    "Upload",
    "Void",
]
