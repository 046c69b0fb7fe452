"""What one may not open leaves no trace elsewhere: in counts, in finds, in mails, in the admin."""

import difflib
import re

import pytest
from django.db import transaction
from django.urls import reverse

from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail

from . import matrix
from .lists import LISTS
from .sweep import NUMBER, WORD, Browser, body_of, erase, is_shut

pytestmark = pytest.mark.django_db

# A contact of a customer, and an agent of another team than most tickets have.
FACES = ("con", "ned")
# Figures of all that was worked and billed: those who see them see no more of secrets than hours.
FIGURES = ("reports:", "invoices:")


# Made anew for every page: the token of its forms, the key of a draft, the nonce of its scripts.
FRESH = re.compile(r'\b[A-Za-z0-9]{64}\b|name="key"[^>]*|nonce="[^"]*"')


def same(response):
    """What of an answer is about the world."""
    return FRESH.sub("", body_of(response))


def test_lists_and_their_numbers_are_as_if_the_hidden_tickets_were_not_there(sweep):
    said, world = [], sweep.world
    for name in sweep.some(FACES, "numbers", 2):
        person = world.people[name]
        hidden = [
            ticket.pk
            for ticket_name, ticket in world.tickets.items()
            if name not in matrix.TICKETS[ticket_name].met_by
            and name not in matrix.NUMBERS_MET.get(ticket_name, "").split()
            and ticket_name not in matrix.ANNOUNCED
        ]
        pages = [
            reverse(view) + query
            for view, queries in LISTS.items()
            for query in queries
            if not view.startswith(FIGURES)
        ]
        open_pages = [url for url in pages if not is_shut(name, sweep.get(name, url))]
        with transaction.atomic():
            erase(Ticket.objects.filter(pk__in=hidden))
            browser = Browser()
            browser.force_login(person)
            for url in open_pages:
                with_them, without = same(sweep.get(name, url)), same(browser.get(url))
                if with_them != without:
                    lines = difflib.unified_diff(without.split("\n"), with_them.split("\n"), n=0)
                    said.append(f"{name} {url}: {[line[:200] for line in lines][3:6]}")
            transaction.set_rollback(True)

    assert said == [], "\n".join(said)


def test_a_mail_tells_its_reader_nothing_that_the_pages_do_not(sweep):
    names = {person.email: name for name, person in sweep.world.people.items() if person}
    said = []
    for mail in OutgoingMail.objects.all():
        text = f"{mail.subject} {mail.text} {mail.html}"
        words = set(WORD.findall(text)) | set(NUMBER.findall(text))
        reader = names.get(mail.to)
        told = {word for word in words if word in sweep.known and reader not in sweep.known[word]}
        if told:
            said.append(f"{reader}, {mail.subject}: {sorted(told)}")

    assert OutgoingMail.objects.count() > 10
    assert said == []


def test_a_mail_about_a_confidential_ticket_holds_neither_its_subject_nor_its_text(sweep):
    secret = ("payroll", "lawsuit", "salary", "transfer")
    kinds = ("title", "text", "note", "answer", "task", "question")
    words = [f"zq{name}{kind}" for name in secret for kind in kinds]
    told = [
        (mail.to, word)
        for mail in OutgoingMail.objects.all()
        for word in words
        if word in f"{mail.subject} {mail.text} {mail.html}"
    ]

    assert told == []


def test_nobody_finds_a_ticket_by_words_that_they_may_not_read(sweep):
    said = []
    searches = ("/desk/tickets/?q=", "/requests/?q=", "/search/?q=")
    for ticket, rights in matrix.TICKETS.items():
        for kind, readers in (("text", rights.read_by), ("note", matrix.names(rights.notes))):
            for name in rights.met_by - readers:
                for search in searches:
                    url = f"{search}zq{ticket}{kind}"
                    text = body_of(sweep.get(name, url))
                    if f"zq{ticket}title" in text:
                        said.append(f"{name} {url}")

    assert said == []
