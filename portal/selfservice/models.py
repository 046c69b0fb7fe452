"""The employees' door: its home page, and the memory that keeps a form from being sent twice."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from catalog.offerings.models import CatalogItem
from itil.changes.models import Announcement
from itil.conversation.models import Message
from itil.incidents.models import MajorIncident
from itil.tickets.models import Ticket
from knowledgebase.models import ArticlePage, OpenPage, page_at

from .blocks import PopularSearches
from .querysets import (
    OPEN_TO_REQUESTER,
    requests_of,
    standing_of,
    waiting_first,
    waiting_of,
)

SHOWN_REQUESTS = 3
SHOWN_WAITING = 5
SHOWN_ANSWERS = 4
SHOWN_ITEMS = 4
SHOWN_NOTICES = 3


class HomePage(OpenPage):
    """The first page: one search, three ways in, what is open."""

    question = models.CharField(
        _("question"), max_length=80, default=_("How can we help?"), help_text=_("The headline.")
    )
    hint = models.CharField(
        _("hint in the search box"),
        max_length=80,
        default=_("Describe a problem or what you need"),
    )
    popular_searches = StreamField(
        PopularSearches(required=False), verbose_name=_("often asked"), blank=True
    )
    help_phone = models.CharField(
        _("telephone of the service desk"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[0-9+() /-]+$", _("Write a telephone number."))],
    )
    help_hours = models.CharField(
        _("when it is answered"),
        max_length=120,
        blank=True,
        help_text=_("For instance: Monday to Friday 07:00–19:00"),
    )

    template = "portal/selfservice/home.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["knowledgebase.AnswersPage", "offerings.CatalogPage"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("question"), FieldPanel("hint"), FieldPanel("popular_searches")],
            heading=_("Search"),
        ),
        MultiFieldPanel([FieldPanel("help_phone"), FieldPanel("help_hours")], heading=_("Help")),
    ]

    class Meta:
        verbose_name = _("home page")

    def route(self, request, path_components):
        """Everyone may open the door; what stands behind it has its own rules."""
        request.home_page = self
        page = page_at(f"{self.url_path}{'/'.join(path_components)}/") if path_components else None
        return RouteResult(page) if page else super().route(request, path_components)

    def get_context(self, request, *args, **kwargs):
        """Eight queries for a person, one for a visitor."""
        context = super().get_context(request, *args, **kwargs)
        user, now = request.user, timezone.now()
        context["hour"] = timezone.localtime(now).hour
        popular = ArticlePage.objects.visible_to(user).popular().defer("body")
        context["popular_answers"] = popular[:SHOWN_ANSWERS]
        if user.is_authenticated:
            items = CatalogItem.objects.visible_to(user)
            context["popular_items"] = items.first_cards(SHOWN_ITEMS)
            notices = MajorIncident.objects.announced_to(user).select_related("incident__service")
            context["notices"] = list(notices.order_by("-accepted_at")[:SHOWN_NOTICES])
            planned = Announcement.objects.announced_to(user, now).select_related("change")
            context["planned_work"] = list(planned[:SHOWN_NOTICES])
            # What waits for the person is open as well and comes first.
            found = waiting_first(requests_of(user).filter(OPEN_TO_REQUESTER))
            first = list(found[: max(SHOWN_REQUESTS, SHOWN_WAITING)])
            context["open_requests"] = first[:SHOWN_REQUESTS]
            context["waiting"] = [ticket for ticket in first if ticket.waits_for_me]
            context["now"] = now
            context["to_do"] = to_do = waiting_of(user, found, now)
            # The frame need not ask once more.
            context["approvals_waiting"] = to_do.approvals
            context["board_votes_waiting"] = to_do.board_votes
            context["sits_on_board"] = to_do.sits_on_board
        return context


def home_of(request) -> HomePage | None:
    """The home page, for what it says on every other page; `standing_of` comes with it for who is
    signed in, unless Wagtail found the page. One query for each request.
    """
    if not hasattr(request, "home_page"):
        homes = HomePage.objects.all()
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            homes = homes.annotate(**standing_of(user, timezone.now()))
        request.home_page = homes.first()
    return request.home_page


class Submission(models.Model):
    """A form that was sent. The second sending of the same form finds the row and its result."""

    key = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="submission_once"),
        ]

    def __str__(self):
        return str(self.key)
