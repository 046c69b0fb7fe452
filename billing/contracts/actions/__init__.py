"""What can be done with contracts, prices, charges and prepaid blocks."""

from .approving import approve_time, drop_prices, price_approved, price_missing

__all__ = ["approve_time", "drop_prices", "price_approved", "price_missing"]
