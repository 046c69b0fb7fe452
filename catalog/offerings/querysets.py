"""Named reads of the catalog; who may order what is decided here and nowhere else (`VIS-1`)."""

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Length, RowNumber, Substr
from wagtail.models import Page, PageQuerySet

from itil.approvals.models import PolicyStep
from portal.people.models import Organization, User

OWN_KINDS = (Organization.Kind.PROVIDER, Organization.Kind.DEPARTMENT)


def _parent_path(path):
    """The tree path of the parent of the page that has `path`, an expression."""
    return Substr(path, 1, Length(path) - Page.steplen)


def _audiences(user) -> Q:
    """The items whose audience `user` belongs to; no query but the person's grants."""
    fits = Q(audience="everybody")
    is_own = Exists(Organization.objects.filter(pk=user.organization_id, kind__in=OWN_KINDS))
    fits |= Q(audience="employees") & is_own
    grants = user.grants
    if grants.is_staff:
        fits |= Q(audience="staff")
    if grants.is_lead or grants.is_manager:
        return fits | Q(audience="leaders")
    return fits | Q(audience="leaders") & Exists(User.objects.active().filter(manager=user.pk))


def _circles(user) -> dict[str, models.QuerySet]:
    """By field of an item: what of it `user` is part of. An organization counts with the ones it
    is part of, three levels up.
    """
    mine = user.organization_id
    organizations = Organization.objects.none()
    # Asked of nobody, `children` would mean those that have none.
    if mine is not None:
        organizations = Organization.objects.filter(
            Q(pk=mine)
            | Q(children=mine)
            | Q(children__children=mine)
            | Q(children__children__children=mine)
        )
    return {
        "only_organizations": organizations,
        "only_locations": User.objects.filter(pk=user.pk, location__isnull=False).values(
            "location"
        ),
        "only_groups": user.groups.all(),
    }


class DepartmentQuerySet(PageQuerySet):
    def visible_to(self, user):
        """The published departments; which of them have something for `user`, the items tell."""
        return self.live() if user.is_authenticated else self.none()

    def with_welcome(self):
        """Adds `welcome`: what the published front above them says at its top."""
        front = Page.objects.filter(live=True, path=_parent_path(OuterRef("path")))
        return self.annotate(welcome=Subquery(front.values("catalogpage__introduction")[:1]))


class CatalogItemQuerySet(PageQuerySet):
    def visible_to(self, user):
        """Published items of published departments whose audience includes `user`: everything that
        was chosen (groups, locations, organizations) must fit. No query but the person's grants.
        """
        if not user.is_authenticated:
            return self.none()
        parent = Page.objects.filter(live=True, path=_parent_path(OuterRef("path")))
        found = self.live().filter(_audiences(user)).filter(Exists(parent))
        for field, mine in _circles(user).items():
            chosen = getattr(self.model, field)
            through, target = chosen.through.objects, chosen.field.m2m_reverse_field_name()
            fitting = through.filter(**{f"{target}__in": mine})
            found = found.filter(
                ~Q(pk__in=through.values("catalogitem")) | Q(pk__in=fitting.values("catalogitem"))
            )
        return found

    def with_shelf(self):
        """Adds `shelf`: the tree path of the department."""
        return self.annotate(shelf=_parent_path(F("path")))

    def first_of_each_department(self, count: int, popular: int):
        """The first `count` items of each department and the first `popular` of all, as rows of
        `pk`, `shelf`, `place` (among the department's), `rank` (among all) and `of` (how many the
        department has).
        """
        order = self.ORDER
        return (
            self.with_shelf()
            .annotate(
                place=Window(RowNumber(), partition_by=F("shelf"), order_by=order),
                rank=Window(RowNumber(), order_by=order),
                of=Window(Count("pk"), partition_by=F("shelf")),
            )
            .filter(Q(place__lte=count) | Q(rank__lte=popular))
            .order_by("shelf", "place")
            .values("pk", "shelf", "place", "rank", "of")
        )

    def first_cards(self, count: int):
        """The first `count` in their order, with what cards show; that is joined to these only."""
        first = self.order_by(*self.ORDER).values("pk")[:count]
        return self.model._default_manager.filter(pk__in=first).with_card().popular()

    def counted(self):
        """How many items each department has of each topic: rows of `shelf`, `category_id`,
        `category__name`, `count`.
        """
        return (
            self.with_shelf()
            .order_by()
            .values("shelf", "category_id", "category__name")
            .annotate(count=Count("pk"))
        )

    def popular(self):
        """Pinned ones first, then the most ordered of the last 90 days."""
        return self.order_by(*self.ORDER)

    def with_card(self):
        """Joins what a card shows: calendar, figure and form; of the approval the first step, and
        how many there are.
        """
        steps = PolicyStep.objects.filter(policy=OuterRef("approval"))
        first = steps.order_by("sort_order", "pk")
        count = steps.order_by().values("policy").annotate(count=Count("pk")).values("count")
        return (
            self.select_related("calendar", "figure", "form__current")
            .annotate(
                first_approver=Subquery(first.values("source")[:1]),
                first_above=Subquery(first.values("only_above")[:1]),
                step_count=Subquery(count),
            )
            .defer("body", "form__draft")
        )

    ORDER = (
        F("is_pinned").desc(),
        F("figure__ordered").desc(nulls_last=True),
        F("title").asc(),
        F("pk").asc(),
    )
