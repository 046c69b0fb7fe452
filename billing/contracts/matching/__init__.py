"""Which contract and which hourly rate apply to a piece of work (`BIL-5`), and what it comes to.

Plain values in, plain values out. `Terms` is what the database holds, read once by
`terms_in_force`, so that a run over thousands of entries asks nothing more.
"""

from .explaining import explain, explain_price, facts_of
from .pricing import NoRate, Priced, Worked, price, worked
from .rates import DatedRate, Found, Rates, newest
from .reading import terms_in_force, terms_of
from .terms import ContractTerms, FixedPrices, Terms

__all__ = [
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
