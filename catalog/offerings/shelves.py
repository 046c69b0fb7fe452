"""What one person sees of the catalog: its departments, topics and items, as a page shows them.

The reads take a user and not a request, because a catalog manager may look through the eyes of
somebody else.
"""

from dataclasses import dataclass, field
from operator import itemgetter

from django.core.paginator import Page

from portal.people.models import User
from portal.ui.paging import CappedPaginator

from .models import CatalogItem, DepartmentPage

ITEMS_PER_PAGE = 48
FIRST_OF_DEPARTMENT = 6
POPULAR = 6


@dataclass(frozen=True)
class Topic:
    """A category that items of a department have."""

    pk: int
    name: str
    count: int


@dataclass
class Shelf:
    """A department with what there is of it for this person."""

    department: DepartmentPage
    count: int = 0
    topics: list[Topic] = field(default_factory=list)
    # The first ones, on the front only.
    items: list[CatalogItem] = field(default_factory=list)


@dataclass
class Shelves:
    """The departments as one person sees them: those that have something for the person."""

    all: list[Shelf]
    # What the front says at its top; known to the front only.
    welcome: str = ""

    @property
    def count(self) -> int:
        return sum(shelf.count for shelf in self.all)

    def shelf_of(self, slug: str) -> Shelf | None:
        """The department with this slug, if it has something for the person."""
        return next((one for one in self.all if one.department.slug == slug), None)


def look_at_front(user: User) -> tuple[Shelves, list[CatalogItem]]:
    """Every department with its first items, and the popular items of all. Three queries."""
    departments = _departments(user).with_welcome()
    by_path = {page.path: Shelf(page) for page in departments}
    welcome = next((page.welcome or "" for page in departments), "")
    visible = CatalogItem.objects.visible_to(user)
    rows = list(visible.first_of_each_department(FIRST_OF_DEPARTMENT, POPULAR))
    cards = CatalogItem.objects.with_card().in_bulk([row["pk"] for row in rows])
    popular: list[CatalogItem] = []
    for row in rows:
        shelf, item = by_path[row["shelf"]], cards[row["pk"]]
        shelf.count = row["of"]
        if row["place"] <= FIRST_OF_DEPARTMENT:
            shelf.items.append(item)
    for row in sorted(rows, key=itemgetter("rank"))[:POPULAR]:
        if _is_asked_for(cards[row["pk"]]):
            popular.append(cards[row["pk"]])
    return Shelves([shelf for shelf in by_path.values() if shelf.count], welcome), popular


def look_at_departments(user: User) -> Shelves:
    """The departments with their topics and how many items each has. Two queries."""
    by_path = {page.path: Shelf(page) for page in _departments(user)}
    for row in CatalogItem.objects.visible_to(user).counted():
        shelf = by_path[row["shelf"]]
        shelf.count += row["count"]
        if row["category_id"]:
            shelf.topics.append(Topic(row["category_id"], row["category__name"], row["count"]))
    for shelf in by_path.values():
        shelf.topics.sort(key=lambda topic: topic.name)
    return Shelves([shelf for shelf in by_path.values() if shelf.count])


def items_of(user: User, shelf: Shelf, topic: Topic | None, page: str | None) -> Page:
    """One page of the department's items, of one topic or all. One query."""
    items = CatalogItem.objects.visible_to(user).child_of(shelf.department).with_card().popular()
    if topic:
        items = items.filter(category=topic.pk)
    pages = CappedPaginator(items, ITEMS_PER_PAGE, counted=(topic or shelf).count)
    return pages.get_page(page)


def _is_asked_for(item: CatalogItem) -> bool:
    return item.is_pinned or (item.reached is not None and item.reached.ordered > 0)


def _departments(user: User):
    return DepartmentPage.objects.visible_to(user).order_by("path")
