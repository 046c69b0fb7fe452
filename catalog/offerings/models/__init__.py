"""What people can order, by department: pages that editors draft, review, publish and retire."""

from .bundles import Bundle, BundleAnswer, BundleLine, ReturnRule
from .figures import FIGURE_DAYS, DeliveryFigure
from .item import CatalogItem
from .pages import CATALOG_SLUG, CatalogPage, DepartmentPage
from .signs import SIGNS

__all__ = [
    "CATALOG_SLUG",
    "FIGURE_DAYS",
    "SIGNS",
    "Bundle",
    "BundleAnswer",
    "BundleLine",
    "CatalogItem",
    "CatalogPage",
    "DeliveryFigure",
    "DepartmentPage",
    "ReturnRule",
]
