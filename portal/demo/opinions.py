"""What the people of the demo company thought of the help they got, and read before they asked."""

import contextlib
import random
import uuid
from datetime import datetime, timedelta

from itil.surveys.actions import ask, rate
from itil.surveys.models import Praise
from itil.tickets.errors import Refused
from itil.tickets.models import Channel, Ticket
from knowledgebase.actions import end_by_answer, open_answer, send_after_answers
from knowledgebase.models import ArticlePage

ANSWER_RATE = 0.4
SCORES, WEIGHTS = (1, 2, 3, 4, 5), (2, 4, 9, 42, 43)
COMMENTS = {
    1: ("It came back the next day.", ""),
    2: ("It took far too long.", "I had to explain it three times."),
    3: ("", "It works, for now."),
    4: ("", "", "Friendly and clear."),
    5: ("", "", "Quick and kind, thank you.", "Solved while I got a coffee."),
}
# How likely people with such a rating are to recommend the desk; not everybody says.
RECOMMENDED = {
    1: (0, 2, 3),
    2: (2, 4, 5, None),
    3: (5, 6, 7, None),
    4: (7, 8, 8, 9, None),
    5: (8, 9, 9, 10, 10, None),
}
FORMS_READ = 60


def tell_opinions(now: datetime) -> None:
    """Ask as the desk does, let some answer, and let others find an answer by themselves."""
    # Not for secrets: the demo shall be the same each time.
    die = random.Random(20260411)  # noqa: S311
    solved = Ticket.objects.filter(resolved_at__isnull=False, is_confidential=False)
    tickets = solved.select_related("requester", "requested_for").order_by("resolved_at", "pk")
    for ticket in tickets:
        _rate(ticket, die, now)
    _read(die, now)


def _rate(ticket: Ticket, die: random.Random, now: datetime) -> None:
    person = ticket.requested_for or ticket.requester
    survey = ask(ticket, person=person, mail_key="", at=ticket.resolved_at)
    at = ticket.resolved_at + timedelta(minutes=die.randint(5, 4000))
    if survey is None or at > now or die.random() > ANSWER_RATE:
        return
    (score,) = die.choices(SCORES, WEIGHTS)
    praised = die.sample(Praise.values, die.randint(0, 2)) if score > 2 else []
    comment = die.choice(COMMENTS[score])
    with contextlib.suppress(Refused):
        rate(
            ticket,
            by=person,
            score=score,
            praised=praised,
            comment=comment,
            recommendation=die.choice(RECOMMENDED[score]),
            at=at,
        )


def _read(die: random.Random, now: datetime) -> None:
    """Forms at which answers were offered: read, solved by one, or sent all the same."""
    articles = list(ArticlePage.objects.live().order_by("pk").defer("body"))
    sent = list(Ticket.objects.filter(channel=Channel.PORTAL).order_by("pk")[:FORMS_READ])
    for number, ticket in enumerate(sent):
        key, person = uuid.UUID(int=die.getrandbits(128)), ticket.requester
        said = {"by": person, "key": key, "at": ticket.received_at}
        if number % 3 == 0:
            send_after_answers(ticket, query=ticket.title, **said)
            continue
        article = die.choice(articles)
        verb = end_by_answer if number % 3 == 1 else open_answer
        verb(article, query=article.title.lower(), **said)
