"""Tickets, their history, links and participants."""

from .classification import Category, Channel, Level, Priority, Severity
from .history import EventKind, LinkType, TicketEvent, TicketLink, TicketNumber, Watcher
from .holding import Holding
from .ticket import DeskAction, Ticket

__all__ = [
    "Category",
    "Channel",
    "DeskAction",
    "EventKind",
    "Holding",
    "Level",
    "LinkType",
    "Priority",
    "Severity",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketNumber",
    "Watcher",
]
