"""Asking for a page, and what it gives away; a world without some of its rows."""

import os
import re
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import unquote

from django.db.models import CASCADE, ForeignKey, Model, QuerySet
from django.http import HttpResponse
from django.test import Client

from . import matrix
from .watching import Watch
from .world import World

WORD = re.compile(r"zq[a-z]+")
NUMBER = re.compile(r"\b(?:INC|REQ|TSK|BND|PRB|CHG|REL)-\d{6}\b")


class Browser(Client):
    """A client that keeps no record of the templates and no cookie but that of the sign-in: a page
    costs half of what it costs the client of the tests, and no answer depends on an earlier one.
    """

    def request(self, **request: Any) -> HttpResponse:
        response = self.handler(self._base_environ(**request))
        if not response.streaming:
            return response
        return HttpResponse(b"".join(response.streaming_content), headers=dict(response.headers))


class Sweep:
    """Everybody's browser on one world, and who may meet what."""

    def __init__(self, world: World, watch: Watch):
        self.world, self.watch = world, watch
        self.known = matrix.words() | self._numbers()
        self.seen: dict[tuple[str, str], HttpResponse] = {}
        self.clients = {name: Browser() for name in world.people}
        for name, person in world.people.items():
            if person is not None:
                self.clients[name].force_login(person)

    def _numbers(self) -> dict[str, frozenset[str]]:
        """Who may meet the numbers of tickets, tasks and orders."""
        found = {
            ticket.number: matrix.TICKETS[name].met_by
            | matrix.names(matrix.NUMBERS_MET.get(name, ""))
            for name, ticket in self.world.tickets.items()
        }
        things = self.world.things
        for name, task in things["task"].items():
            found[task.number] = matrix.names(matrix.TOLD_TASKS[name])
        for name, bundle in things["bundle"].items():
            found[bundle.number] = (
                matrix.names(matrix.BUNDLES[name]) | matrix.TICKETS["bundled"].met_by
            )
        return found

    def some(self, among: Iterable[str], turn: str, count: int) -> list[str]:
        """`count` of these people, others for each `turn`; all of them when the environment says
        EVERYBODY=1, which takes minutes.
        """
        people = [name for name in self.world.people if name in set(among)]
        if os.environ.get("EVERYBODY") == "1":
            return people
        start = sum(map(ord, turn)) * 7
        return [people[(start + step) % len(people)] for step in range(min(count, len(people)))]

    def others(self, allowed: Collection[str]) -> list[str]:
        """The people who are not among these."""
        return [name for name in self.world.people if name not in allowed]

    def get(self, name: str, url: str) -> HttpResponse:
        """The page; asked once for a state of the world."""
        if (name, url) not in self.seen:
            self.seen[name, url] = self.clients[name].get(url)
        return self.seen[name, url]

    def post(self, name: str, url: str, values: dict[str, Any]) -> HttpResponse:
        return self.clients[name].post(url, values)

    def given_away(self, name: str, url: str, response: HttpResponse) -> set[str]:
        """What `name` learns from the answer without the right to; never what the address says."""
        text = body_of(response).replace(url, "").replace(url.partition("?")[0], "")
        said = set(WORD.findall(text)) | set(NUMBER.findall(text))
        asked = set(WORD.findall(url)) | set(NUMBER.findall(url))
        return {
            word for word in said - asked if word in self.known and name not in self.known[word]
        }


def body_of(response: HttpResponse) -> str:
    """All that the browser is told: the text and where to go next."""
    told = " ".join(response.get(name, "") for name in ("Location", "Content-Disposition"))
    return f"{response.content.decode(errors='replace')} {unquote(told)}"


def erase(rows: QuerySet[Model]) -> None:
    """Take rows out of the world as if they had never been there, with all that hangs on them.

    Whatever may be without them goes on without them. To be rolled back: it asks no rule.
    """
    model, keys = rows.model, list(rows.values_list("pk", flat=True))
    if not keys:
        return
    for relation in model._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if not (relation.auto_created and isinstance(field, ForeignKey)):
            continue
        hanging = field.model._base_manager.filter(**{f"{field.name}__in": keys})
        goes_along = field.remote_field.on_delete is CASCADE or field.primary_key
        if field.null and not goes_along:
            hanging.update(**{field.name: None})
        elif field.model is not model or not field.primary_key:
            erase(hanging)
    found = model._base_manager.filter(pk__in=keys)
    QuerySet(model, using=found.db).filter(pk__in=keys)._raw_delete(found.db)


def is_shut(name: str, response: HttpResponse) -> bool:
    """As if there were nothing: absent, or for a visitor the sign-in. That it takes no GET (405)
    is said whatever the record.
    """
    if name == "visitor" and response.status_code in (302, 303):
        return response["Location"].startswith("/account/login/")
    return response.status_code in (404, 405)
