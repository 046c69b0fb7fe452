"""Tickets, their history, links and participants."""

from .classification import Category, Channel, Level, Priority, Severity
from .fields import TicketFields
from .history import EventKind, LinkType, TicketEvent, TicketLink, TicketNumber, Watcher
from .holding import Holding
from .items import ImpactEvidence, ItemRole, LabelReport, TicketItem
from .ticket import DeskAction, Ticket

__all__ = [
    "Category",
    "Channel",
    "DeskAction",
    "EventKind",
    "Holding",
    "ImpactEvidence",
    "ItemRole",
    "LabelReport",
    "Level",
    "LinkType",
    "Priority",
    "Severity",
    "Ticket",
    "TicketEvent",
    "TicketFields",
    "TicketItem",
    "TicketLink",
    "TicketNumber",
    "Watcher",
]
