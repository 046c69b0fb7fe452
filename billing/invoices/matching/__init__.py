"""What belongs together: payments and invoices, hours and where they are billed."""

from .payments import Proposal, proposals_for
from .unbilled import Age, Why, billed_of, of_age, unbilled

__all__ = ["Age", "Proposal", "Why", "billed_of", "of_age", "proposals_for", "unbilled"]
