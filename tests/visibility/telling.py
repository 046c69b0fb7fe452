"""The world that all of it is told in, and how a ticket is told with telling words.

Whatever can be read holds a word of its own that begins with `zq`, so that a page which shows it
gives itself away; `umbrella` stands in all of it, so that a search finds everything one may find.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from itil.conversation.files import NewFile
from itil.desk import actions as desk
from itil.tickets.models import Ticket
from portal.people.models import User
from tests import make
from tests.cast import MONDAY, Cast

# Everything happens within two hours; the pages are looked at in the third.
LATER, NOW = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3)
SOLVED = {"resolution_code": "fixed", "note": "zqfixednote umbrella"}


@dataclass
class World:
    """The people by name (`visitor` is nobody) and the records by name."""

    cast: Cast
    people: dict[str, User | None]
    tickets: dict[str, Ticket] = field(default_factory=dict)
    # Whatever else has an address: tasks, votes, files, drafts ... by kind and name.
    things: dict[str, dict[str, Any]] = field(default_factory=dict)

    def keep(self, kind: str, **named: Any) -> None:
        self.things.setdefault(kind, {}).update(named)


def said(world: World, name: str, **fields: Any) -> Ticket:
    """An incident whose title, text and file are telling words."""
    who = world.people[fields.pop("who")]
    values = {
        "by": who,
        "requester": who,
        "title": f"zq{name}title umbrella",
        "text": f"zq{name}text umbrella",
        "attachments": [NewFile(f"zq{name}file.txt", f"zq{name}file umbrella".encode())],
    }
    ticket = make.incident(world.cast, **values | fields)
    world.tickets[name] = ticket
    message = ticket.messages.get()
    world.keep("message", **{name: message})
    world.keep("file", **{name: message.attachments.get()})
    return ticket


def noted(world: World, name: str, by: User) -> None:
    """An internal note with a file, of telling words."""
    file = NewFile(f"zq{name}notefile.txt", f"zq{name}notefile umbrella".encode())
    note = desk.note(
        world.tickets[name],
        by=by,
        text=f"zq{name}note umbrella parasol",
        attachments=[file],
        at=LATER,
    )
    world.keep("file", **{f"{name}_note": note.attachments.get()})


def told(name: str, *kinds: str) -> dict[str, str]:
    """A telling text for each of these columns: `zq`, the name, the column without its bars."""
    return {kind: f"zq{name}{kind.replace('_', '')} umbrella" for kind in kinds}
