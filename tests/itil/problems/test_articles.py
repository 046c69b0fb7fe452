"""A known error is drafted as an article, which ends with its problem."""

from itil.problems import actions
from itil.tickets.models import TicketEvent
from knowledgebase.models import ArticlePage, KnownErrorArticle
from knowledgebase.reactions import react
from portal.selfservice.actions import ensure_home
from tests.cast import MONDAY

from .world import manager, problem_in


def test_declaring_it_drafts_one_article_that_no_reader_sees(cast):
    ensure_home()
    found = problem_in(cast, "root_cause_analysis")
    petra = manager(cast)
    actions.write_workaround(found, by=cast.bo, text="Empty <tmp>.", at=MONDAY)
    actions.declare_known_error(
        found, by=petra, symptoms="Exports stop.", root_cause="Small disks.", at=MONDAY
    )
    event = TicketEvent.objects.filter(kind="problem", data__what="known_error").get()

    react(event)
    react(event)

    article = ArticlePage.objects.get()
    assert (article.live, article.audience, article.summary) == (False, "staff", "Exports stop.")
    assert "Empty &lt;tmp&gt;." in str(article.body)
    assert not ArticlePage.objects.visible_to(cast.bo).live().exists()


def test_closing_the_problem_takes_its_article_off(cast):
    ensure_home()
    found = problem_in(cast, "fix_in_progress")
    actions.declare_known_error(found, by=manager(cast), symptoms="Exports stop.", at=MONDAY)
    react(TicketEvent.objects.filter(kind="problem").get())
    ArticlePage.objects.get().get_latest_revision().publish()
    for verb, values in (("resolve", {"note": "Done."}), ("close", {"confirmed": True})):
        actions.move(found, verb, by=manager(cast), values=values, at=MONDAY)

    react(found.events.filter(kind="moved").last())

    assert not ArticlePage.objects.get().live
    assert KnownErrorArticle.objects.get().retired_at == MONDAY
