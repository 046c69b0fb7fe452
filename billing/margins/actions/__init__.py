"""Keeping what work costs."""

from .costing import add_cost, end_cost, remove_cost

__all__ = ["add_cost", "end_cost", "remove_cost"]
