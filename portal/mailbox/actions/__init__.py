"""Mail comes in: stored first, then read and acted upon exactly once (`MAI-1`, `MAI-2`)."""

from .polling import poll
from .receiving import process, process_waiting, receive, reprocess, store

__all__ = ["poll", "process", "process_waiting", "receive", "reprocess", "store"]
