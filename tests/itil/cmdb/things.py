"""Items to tell stories with; each is made by the real verbs."""

from itil.cmdb import actions
from itil.cmdb.lifecycle import Status
from itil.cmdb.models import ConfigurationItem, ItemClass, Relation, RelationType
from tests.cast import MONDAY, Cast


def kind(name: str = "Server", **fields) -> ItemClass:
    """The class of this name, made when missing."""
    made, _is_new = ItemClass.objects.get_or_create(
        slug=name.lower(), defaults={"name": name, **fields}
    )
    return made


def item(cast: Cast, name: str, *, at=MONDAY, **changes) -> ConfigurationItem:
    """A server of Halden, in use, entered by Bo."""
    values = {
        "by": cast.bo,
        "name": name,
        "item_class": kind(),
        "organization": cast.halden,
        "status": Status.IN_USE,
        "at": at,
    }
    return actions.create_item(**values | changes)


def relate(cast: Cast, source, type: str, target, *, at=MONDAY, **options) -> Relation:
    """Bo relates two things."""
    return actions.relate(source, RelationType(type), target, by=cast.bo, at=at, **options)
