"""Answers: pages that people read before they ask (domain 2.7)."""

import math

from django.conf import settings
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.search import index

from itil.problems.models import Problem
from itil.tickets.models import Ticket
from portal.ui.search import index_tokens, words_of

from .blocks import ArticleBody
from .querysets import ArticleQuerySet, ConsultationQuerySet, audiences_of

WORDS_PER_MINUTE = 200
# After this many days without a check an article says so.
CHECK_AGAIN_DAYS = 365
ARTICLES_PER_TOPIC = 5
ARTICLES_PER_PAGE = 30


class OpenPage(Page):
    """A page of which Wagtail's own privacy says nothing: it decides itself who may read it."""

    private_page_options = []

    class Meta:
        abstract = True

    def get_view_restrictions(self):
        """None; a second rule beside the page's own could contradict it. Costs no query."""
        return PageViewRestriction.objects.none()

    @property
    def address(self) -> str:
        """Its path on the site, which begins below the first part of `url_path`. Costs no query."""
        return "/" + self.url_path.split("/", 2)[2]


class AnswersPage(OpenPage):
    """The front of the section: every topic with its first articles."""

    introduction = models.CharField(_("introduction"), max_length=250, blank=True)

    template = "knowledgebase/answers.html"
    max_count = 1
    subpage_types = ["knowledgebase.TopicPage", "knowledgebase.ArticlePage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("answers")

    def get_context(self, request, *args, **kwargs):
        """Two queries: the topics and the articles that this reader may see."""
        context = super().get_context(request, *args, **kwargs)
        by_parent: dict[str, list[ArticlePage]] = {}
        articles = ArticlePage.objects.descendant_of(self).visible_to(request.user).popular()
        for article in articles.defer("body"):
            by_parent.setdefault(article.path[: -self.steplen], []).append(article)
        context["topics"] = [
            (topic, by_parent[topic.path][:ARTICLES_PER_TOPIC], len(by_parent[topic.path]))
            for topic in TopicPage.objects.child_of(self).live().order_by("title")
            if topic.path in by_parent
        ]
        context["loose_articles"] = by_parent.get(self.path, [])
        return context


class TopicPage(OpenPage):
    """A shelf of articles about one subject."""

    introduction = models.CharField(_("introduction"), max_length=250, blank=True)

    template = "knowledgebase/topic.html"
    parent_page_types = ["knowledgebase.AnswersPage"]
    subpage_types = ["knowledgebase.ArticlePage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def get_context(self, request, *args, **kwargs):
        """Two queries. Absent for readers who may see none of its articles: its name could tell
        too much.
        """
        context = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.objects.child_of(self).visible_to(request.user).popular()
        pages = Paginator(articles.defer("body"), ARTICLES_PER_PAGE)
        if not pages.count:
            raise Http404
        context["page_obj"] = pages.get_page(request.GET.get("page"))
        return context


class ArticlePage(OpenPage):
    """One answer. Its language is the page's locale."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everyone")
        EMPLOYEES = "employees", _("People who sign in")
        STAFF = "staff", _("Staff")

    summary = models.CharField(
        _("summary"), max_length=250, help_text=_("One sentence; shown in search results.")
    )
    body = StreamField(ArticleBody(), verbose_name=_("text"))
    audience = models.CharField(
        _("audience"), max_length=10, choices=Audience, default=Audience.EMPLOYEES
    )
    keywords = models.CharField(
        _("other words"),
        max_length=250,
        blank=True,
        help_text=_("Words that people type but the text does not have."),
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="checked_articles",
        verbose_name=_("checked by"),
    )

    objects = PageManager.from_queryset(ArticleQuerySet)()

    template = "knowledgebase/article.html"
    parent_page_types = ["knowledgebase.TopicPage", "knowledgebase.AnswersPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("keywords"),
        MultiFieldPanel(
            [FieldPanel("audience"), FieldPanel("checked_on"), FieldPanel("checked_by")],
            heading=_("Who may read, who checked"),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("search_tokens"),
        # The same words once more, in the index that knows beginnings of words.
        index.AutocompleteField("search_tokens"),
        index.FilterField("audience"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def serve(self, request, *args, **kwargs):
        """Outside its audience an article does not exist (`KBA-3`, `VIS-1`)."""
        if self.audience not in audiences_of(request.user):
            raise Http404
        return super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        """Two queries when `page_at` found the article."""
        context = super().get_context(request, *args, **kwargs)
        siblings = ArticlePage.objects.sibling_of(self, inclusive=False)
        context["topic"] = TopicPage.objects.parent_of(self).first()
        context["related"] = siblings.visible_to(request.user).popular().defer("body")[:4]
        is_counted = hasattr(self, "vote_count")
        context["votes"] = self if is_counted else ArticlePage.objects.with_votes().get(pk=self.pk)
        return context

    def search_tokens(self) -> str:
        """What the search index holds of this article."""
        return index_tokens(f"{self.short_text} {self.plain_text}")

    @property
    def short_text(self) -> str:
        """Title, other words and summary: what a reader sees of it in a list."""
        return f"{self.title} {self.keywords} {self.summary}"

    @cached_property
    def plain_text(self) -> str:
        """The body without its markup."""
        return " ".join(self.body.stream_block.get_searchable_content(self.body))

    @property
    def minutes_to_read(self) -> int:
        return max(1, math.ceil(len(words_of(self.plain_text)) / WORDS_PER_MINUTE))

    @property
    def headings(self) -> list:
        """The heading blocks, for the list of contents."""
        return [block for block in self.body if block.block_type == "heading"]

    @property
    def first_steps(self) -> list:
        """Up to five steps of the first list of steps; empty when the article has none."""
        for block in self.body:
            if block.block_type == "steps":
                return list(block.value)[:5]
        return []

    @property
    def is_stale(self) -> bool:
        """Not checked for a year."""
        if not self.checked_on:
            return False
        return (timezone.localdate() - self.checked_on).days > CHECK_AGAIN_DAYS


def page_at(url_path: str) -> OpenPage | None:
    """The published page of the answers with this `url_path`, complete with what its template
    shows. One query, two for an article without a topic; Wagtail takes two for each part.
    """
    articles = ArticlePage.objects.with_votes().select_related("locale", "checked_by")
    topics, sections = TopicPage.objects.all(), AnswersPage.objects.all()
    *_start, slug, _end = url_path.split("/")
    # The root of the tree has one slash.
    depth = url_path.count("/")
    for pages in {3: (sections,), 4: (topics, articles), 5: (articles,)}.get(depth, ()):
        # The slug has an index, the whole path has none.
        page = pages.live().filter(slug=slug, depth=depth, url_path=url_path).first()
        if page:
            return page
    return None


class Feedback(models.Model):
    """One reader's word on one article: did it solve the problem?

    `query` is what had been typed when the article came up as an answer: a search that ended
    here. Visitors who are not signed in are counted without a name, once per session.
    """

    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="feedback")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    solved = models.BooleanField()
    query = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        constraints = [
            # People are counted, not clicks; a person who votes again changes the vote.
            models.UniqueConstraint(fields=["article", "user"], name="feedback_once_per_person")
        ]

    def __str__(self):
        return f"{self.article_id} {'solved' if self.solved else 'not solved'}"


class Consultation(models.Model):
    """One person at one form, to whom answers were offered before anything was sent (`KPI-15`).

    There is a row once an answer was opened, an answer solved it, or the form was sent although
    answers were offered; what is only shown while somebody types leaves no trace.
    """

    # The key of the form: the same for whatever happens to it.
    key = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # What had been typed by then.
    query = models.CharField(max_length=200, blank=True)
    article = models.ForeignKey(
        ArticlePage, models.SET_NULL, null=True, blank=True, related_name="consultations"
    )
    started_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # When something on the same subject came from the person by another way.
    came_back_at = models.DateTimeField(null=True, blank=True)
    # What the form became, or what came later.
    ticket = models.ForeignKey(
        Ticket, models.SET_NULL, null=True, blank=True, related_name="consultations"
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        constraints = [
            # A form that is sent twice, or opened answers twice, is one form.
            models.UniqueConstraint(fields=["user", "key"], name="consultation_once_per_form")
        ]
        indexes = [
            # The reports' period.
            models.Index(fields=["started_at"], name="consultation_started"),
            # What somebody who reports something has read of late.
            models.Index(fields=["user", "opened_at"], name="consultation_opened"),
        ]

    def __str__(self):
        return self.query


class KnownErrorArticle(models.Model):
    """The article that was drafted when a problem was declared a known error (`PRB-1`)."""

    problem = models.OneToOneField(
        Problem, models.CASCADE, related_name="known_error_article", verbose_name=_("problem")
    )
    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="known_errors")
    # When the problem was closed and the article with it.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("article of a known error")

    def __str__(self):
        return f"{self.problem_id}: {self.article_id}"
