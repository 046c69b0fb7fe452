"""Builders for the catalog."""

from wagtail.log_actions import registry

from catalog.offerings.actions import VIEWED_AS
from catalog.offerings.models import CatalogItem, CatalogPage, DepartmentPage
from portal.people.models import Membership, Role, User
from portal.selfservice.actions import ensure_home


def department(title: str = "IT", **fields) -> DepartmentPage:
    """A published department with this title, made when it is not there."""
    ensure_home()
    catalog = CatalogPage.objects.get()
    found = DepartmentPage.objects.filter(title=title).first()
    return found or catalog.add_child(instance=DepartmentPage(title=title, **fields))


def item(title: str = "New laptop", **fields) -> CatalogItem:
    """A published item for everyone, free, of the IT department; `only_...` take lists."""
    shelf = fields.pop("department", None) or department()
    chosen = {name: fields.pop(name) for name in tuple(fields) if name.startswith("only_")}
    page = CatalogItem(**{"title": title, "summary": "Comes set up and encrypted."} | fields)
    for name, rows in chosen.items():
        setattr(page, name, rows)
    return shelf.add_child(instance=page)


def manager(cast) -> User:
    """Kim, who manages the catalog."""
    user = User.objects.create_user("kim@halden.example", "Kim", organization=cast.halden)
    Membership.objects.create(user=user, role=Role.CATALOG_MANAGER)
    return user


def looks_at(person: User):
    """The lines of the audit log that somebody saw the catalog as `person`, the newest first."""
    return registry.get_logs_for_instance(person).filter(action=VIEWED_AS).order_by("-pk")
