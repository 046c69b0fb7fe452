"""What people can order, by department: pages that editors draft, review, publish and retire."""

from .figures import FIGURE_DAYS, DeliveryFigure
from .item import CatalogItem
from .pages import CATALOG_SLUG, CatalogPage, DepartmentPage
from .signs import SIGNS

__all__ = [
    "CATALOG_SLUG",
    "FIGURE_DAYS",
    "SIGNS",
    "CatalogItem",
    "CatalogPage",
    "DeliveryFigure",
    "DepartmentPage",
]
