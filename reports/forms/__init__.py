"""What people put dashboards together by."""

from .own import CHARTS, DashboardForm, PivotForm, TileForm

__all__ = ["CHARTS", "DashboardForm", "PivotForm", "TileForm"]
