"""What belongs together: payments and invoices, hours and charges and where they are billed."""

from .charged import UnbilledCharges, billed_charges_of, unbilled_charges, waiting_charges_of
from .payments import Proposal, proposals_for
from .rates import RateOfTheDay, Rates, rate_on, rates_between
from .unbilled import Age, Why, age_of, billed_of, of_age, unbilled

__all__ = [
    "Age",
    "Proposal",
    "RateOfTheDay",
    "Rates",
    "UnbilledCharges",
    "Why",
    "age_of",
    "billed_charges_of",
    "billed_of",
    "of_age",
    "proposals_for",
    "rate_on",
    "rates_between",
    "unbilled",
    "unbilled_charges",
    "waiting_charges_of",
]
