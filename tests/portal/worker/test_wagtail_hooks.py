"""The administrator's page of failed work."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.outbox.actions import post
from portal.outbox.models import OutgoingMail
from portal.worker.dispatch import MAX_ATTEMPTS, retry_reactions
from portal.worker.models import FailedReaction
from tests import make

PAGE = "/admin/failed/"


@pytest.fixture
def mails(db):
    """One mail that was given up, and one that waits."""
    bad = post(key="bad", to="dov@globex.example", subject="Was <b>refused</b>", text="x")
    post(key="good", to="ann@acme.example", subject="Went well", text="x")
    OutgoingMail.objects.filter(pk=bad.pk).update(
        state="failed", attempts=10, error="550 No such person"
    )
    return bad


@pytest.fixture
def reaction(cast):
    """A reaction that was given up."""
    event = make.incident(cast).events.get()
    return FailedReaction.objects.create(
        event=event,
        reactor="notifications",
        attempts=MAX_ATTEMPTS,
        error="Traceback\n  File x\nValueError: no template",
    )


@pytest.fixture
def admin(signed_in, cast):
    return signed_in(cast.root)


def test_an_administrator_sees_what_failed_and_why(admin, mails, reaction):
    page = admin.get(PAGE).text
    for text in (
        "Was &lt;b&gt;refused&lt;/b&gt;",
        "550 No such person",
        reaction.event.ticket.number,
        "<summary>ValueError: no template</summary>",
        "given up",
    ):
        assert text in page
    assert "Went well" not in page


def test_without_failures_the_page_says_so(admin):
    page = admin.get(PAGE).text
    assert "Every mail has left, or is still on its way." in page
    assert "Everything that follows from events was done." in page


def test_the_menu_leads_administrators_there(admin, mails):
    assert PAGE in admin.get(reverse("outgoingmail:index")).text


def test_a_mail_is_tried_again_once(admin, mails):
    url = reverse("failed_work:mail", args=[mails.pk])
    first, second = admin.post(url, follow=True).text, admin.post(url, follow=True).text
    assert "1 is tried again now." in first
    assert "It was tried again or done in the meantime." in second
    mails.refresh_from_db()
    assert (mails.state, mails.attempts) == ("waiting", 0)
    assert mails.next_at <= timezone.now()


def test_a_reaction_gets_all_its_attempts_again(admin, reaction):
    admin.post(reverse("failed_work:reaction", args=[reaction.pk]))
    heard = []
    now = timezone.now() + timedelta(seconds=1)
    assert retry_reactions(now, reactions=(("notifications", heard.append),)) == 1
    assert heard == [reaction.event]
    assert FailedReaction.objects.count() == 0


def test_all_of_a_kind_are_tried_again(admin, mails, reaction):
    other = post(key="bad too", to="bo@halden.example", subject="Refused too", text="x")
    OutgoingMail.objects.filter(pk=other.pk).update(state="failed")
    assert "2 are tried again now." in admin.post(reverse("failed_work:all_mail"), follow=True).text
    assert not OutgoingMail.objects.given_up().exists()
    admin.post(reverse("failed_work:all_reaction"))
    assert FailedReaction.objects.get().next_at is not None


def test_looking_at_the_page_tries_nothing(admin, mails, reaction):
    admin.get(PAGE)
    assert admin.get(reverse("failed_work:mail", args=[mails.pk])).status_code == 405
    assert OutgoingMail.objects.given_up().get() == mails


@pytest.mark.parametrize("name", ["ann", "bo", "cleo", "mia"])
def test_nobody_else_sees_it_or_tries_again(signed_in, cast, mails, reaction, name):
    client = signed_in(getattr(cast, name))
    urls = [PAGE, reverse("failed_work:all_mail"), reverse("failed_work:mail", args=[mails.pk])]
    assert client.get(urls[0]).status_code in (302, 403)
    assert {client.post(url).status_code for url in urls[1:]} <= {302, 403}
    assert OutgoingMail.objects.given_up().get() == mails
    assert FailedReaction.objects.get().next_at is None


def test_it_takes_the_same_queries_for_any_number_of_failures(
    admin, cast, mails, reaction, django_assert_max_num_queries
):
    admin.get(PAGE)
    with django_assert_max_num_queries(12) as few:
        admin.get(PAGE)
    for number in range(20):
        FailedReaction.objects.create(
            event=make.incident(cast).events.get(), reactor="notifications", error="x"
        )
        post(key=f"more {number}", to="a@b.example", subject="More", text="x")
    OutgoingMail.objects.update(state="failed")
    with django_assert_max_num_queries(12) as many:
        admin.get(PAGE)
    assert len(few) == len(many)
