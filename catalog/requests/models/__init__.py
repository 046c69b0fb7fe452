"""What people ordered: requests, what is ordered together, and what is not sent yet."""

from .bundle import BundleState, RequestBundle
from .draft import Draft, DraftFile
from .request import ServiceRequest

__all__ = ["BundleState", "Draft", "DraftFile", "RequestBundle", "ServiceRequest"]
