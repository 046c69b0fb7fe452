"""What belongs together: payments and invoices, hours and charges and where they are billed."""

from .accounts import AccountPart, Booking, BookingKind, accounts_of, part_of
from .charged import UnbilledCharges, billed_charges_of, unbilled_charges, waiting_charges_of
from .payments import Proposal, proposals_for
from .rates import RateOfTheDay, Rates, rate_on, rates_between
from .unbilled import Age, Why, age_of, billed_of, of_age, unbilled

__all__ = [
    "AccountPart",
    "Age",
    "Booking",
    "BookingKind",
    "Proposal",
    "RateOfTheDay",
    "Rates",
    "UnbilledCharges",
    "Why",
    "accounts_of",
    "age_of",
    "billed_charges_of",
    "billed_of",
    "of_age",
    "part_of",
    "proposals_for",
    "rate_on",
    "rates_between",
    "unbilled",
    "unbilled_charges",
    "waiting_charges_of",
]
