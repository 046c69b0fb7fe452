"""The catalog as a place, and its pages at their time."""

from django.core.management import call_command
from wagtail.models import Page

from catalog.offerings.models import CATALOG_SLUG, CatalogPage


def ensure_catalog(parent: Page) -> CatalogPage:
    """The catalog under `parent`, made when it is not there yet."""
    catalog: CatalogPage | None = CatalogPage.objects.first()
    if catalog is None:
        catalog = CatalogPage(title="Service catalog", slug=CATALOG_SLUG)
        parent.add_child(instance=catalog)
    return catalog


def publish_scheduled() -> None:
    """Publish the pages whose time has come and retire those whose time is over."""
    call_command("publish_scheduled", verbosity=0)
