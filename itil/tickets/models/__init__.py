"""Tickets, their history, links and participants."""

from .classification import Category, Channel, Level, Priority, Severity
from .history import EventKind, LinkType, TicketEvent, TicketLink, TicketNumber, Watcher
from .ticket import Ticket

__all__ = [
    "Category",
    "Channel",
    "EventKind",
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
