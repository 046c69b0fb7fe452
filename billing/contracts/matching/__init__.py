"""Which contract and which hourly rate apply to a piece of work (`BIL-5`), and what it comes to.

Plain values in, plain values out. `Terms` is what the database holds, read once by
`terms_in_force`, so that a run over thousands of entries asks nothing more.
"""

from .explaining import explain, explain_price, facts_of
from .languages import language_for
from .ledger import Balance, Ledger, Movement, balances, hours_of, ledgers, unbilled
from .pricing import NoRate, Priced, Worked, price, worked
from .rates import DatedRate, Found, Rates, newest
from .reading import caps, fixed_prices, hand_over, rounding_of, terms_in_force, terms_of
from .terms import Cap, ContractTerms, FixedPrices, Terms

__all__ = [
    "Balance",
    "Cap",
    "Ledger",
    "Movement",
    "balances",
    "caps",
    "fixed_prices",
    "hand_over",
    "hours_of",
    "language_for",
    "ledgers",
    "rounding_of",
    "unbilled",
    "ContractTerms",
    "DatedRate",
    "FixedPrices",
    "Found",
    "NoRate",
    "Priced",
    "Rates",
    "Terms",
    "Worked",
    "explain",
    "explain_price",
    "facts_of",
    "newest",
    "price",
    "terms_in_force",
    "terms_of",
    "worked",
]
