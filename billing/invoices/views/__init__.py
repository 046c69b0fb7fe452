from .accounts import Account, AccountPdf
from .ageing import Ageing, Owed
from .confirmations import ConfirmationList, Decide
from .corrections import Credit, Differ, EndDifference, Void
from .customers import OwnDetail, OwnInvoices, OwnLine, OwnPdf, OwnQuestion, OwnXml
from .disputing import Settle
from .files import EInvoice, Hours, Pdf
from .following import OfCharge, OfTicket, OpenCharges, Unbilled, WriteOff, WriteOffs
from .listing import InvoiceList
from .month import ThisMonth
from .payments import Allocate, PayBack, PaymentDetail, PaymentList, RecordPayment, Reverse, TakeOff
from .public import AskByLink, LinkPdf, LinkXml, OpenLink
from .rates import EnterRate, RateList, UploadRates
from .record import Detail, Issue, Line, Progress
from .reminders import Hold, LiftHold, ReminderList, ReminderPdf, SendReminders
from .running import Run
from .runs import CancelRun, IssueRun, ResumeRun, RunDetail, RunProgress, Runs
from .sending import MakeLink, RevokeLink, Send, SendAll
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
    "AccountPdf",
    "Ageing",
    "Allocate",
    "AskByLink",
    "CancelRun",
    "ConfirmationList",
    "Credit",
    "Decide",
    "Detail",
    "Differ",
    "EInvoice",
    "EnterRate",
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
    "LinkPdf",
    "LinkXml",
    "MakeLink",
    "OfCharge",
    "OfTicket",
    "OpenCharges",
    "OpenLink",
    "Owed",
    "OwnDetail",
    "OwnInvoices",
    "OwnLine",
    "OwnPdf",
    "OwnQuestion",
    "OwnXml",
    "PayBack",
    "PaymentDetail",
    "PaymentList",
    "Pdf",
    "Progress",
    "RecordPayment",
    "RateList",
    "ReminderList",
    "ReminderPdf",
    "RestoreEntry",
    "ResumeRun",
    "Reverse",
    "RevokeLink",
    "Run",
    "RunDetail",
    "RunProgress",
    "Runs",
    "Send",
    "SendAll",
    "SendReminders",
    "Settle",
    "StatementColumns",
    "StatementDetail",
    "StatementFile",
    "StatementList",
    "TakeOff",
    "ThisMonth",
    "Unbilled",
    "Upload",
    "UploadRates",
    "Void",
    "WriteOff",
    "WriteOffs",
]
