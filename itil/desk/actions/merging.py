"""Two tickets about one matter become one, and one about two matters becomes two (`INC-5`)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.conversation import actions as conversation
from itil.conversation.files import NewFile
from itil.conversation.models import Message, Visibility
from itil.desk import permissions
from itil.sla import actions as sla
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused, StaleRecord
from itil.tickets.models import EventKind, LinkType, Ticket
from portal.people.models import User

from .changing import ensure, locked, refresh_copy, touch, write
from .editing import plain
from .moving import step
from .opening import open_ticket
from .replying import said_by_requester


@transaction.atomic
def merge(
    source: Ticket, target: Ticket, *, by: User, note: str = "", at: datetime | None = None
) -> Ticket:
    """End `source` as a duplicate of `target`, which carries the matter on (`INC-5`).

    A target that was merged itself is followed to the end of its chain; the ticket returned is
    that end. Messages and files of `source` show on it from now on, its people follow it, its
    children and what was merged into it before move along, later mail goes there, and the clocks
    are taken together (`SLA-21`). `note` stays internal. Raises NotAllowed, StaleRecord when one
    of the two was merged a moment ago, and Refused; then nothing has changed.
    """
    at = at or timezone.now()
    end = end_of(source, target)
    here, there, children, absorbed = _locked_together(source, end)
    ensure_mergeable(here, there, by=by)
    joining, _left_out = newcomers(here, there)
    undo = _what_undoes(here, there, joining, children, absorbed)
    values = {"cancel_reason": "duplicate", "merged_into": there} | ({"note": note} if note else {})
    here = step(here, "cancel", by=by, values=values, at=at)
    tickets.link(here, there, LinkType.DUPLICATE_OF, by=by, at=at)
    for person in joining:
        tickets.watch(there, person)
    tickets.record(here, EventKind.MERGED, by=by, at=at, data={"to": there.number, "undo": undo})
    tickets.record(there, EventKind.MERGED, by=by, at=at, data={"from": here.number})
    for earlier in absorbed:
        write(earlier, at=at, changes={"merged_into": there})
        data = {"to": there.number, "with": here.number}
        tickets.record(earlier, EventKind.MERGED, by=by, at=at, data=data)
    _hand_on_children(here, there, children, by=by, at=at)
    sla.absorb(there, here, at=at)
    touch(there, at=at)
    refresh_copy(source, here)
    present = locked(there)
    return refresh_copy(target, present) if target.pk == present.pk else present


def _what_undoes(
    source: Ticket,
    target: Ticket,
    joining: list[User],
    children: list[Ticket],
    absorbed: list[Ticket],
) -> dict[str, Any]:
    """What a merge changes, as it was before, so that `unmerge` can put it back."""
    names = ("status", "phase", "hold_reason", "on_hold_since", "resume_at")
    return {
        "before": {name: plain(getattr(source, name)) for name in names},
        "answered": target.first_response_at is not None,
        "acknowledged": target.acknowledged_at is not None,
        "joined": [person.pk for person in joining],
        "children": [child.number for child in children if child.pk != target.pk],
        "absorbed": [earlier.number for earlier in absorbed],
        "target_parent": target.parent and target.parent.number,
    }


def end_of(source: Ticket, target: Ticket) -> Ticket:
    """The ticket into which `source` goes when it is merged into `target`.

    Raises Refused when that is `source` itself.
    """
    end: Ticket = Ticket.objects.survivor_of(target)
    if target.pk == source.pk:
        raise Refused(_("A ticket cannot be merged into itself."))
    if end.pk == source.pk:
        raise Refused(
            _("%(target)s was merged into %(number)s: the two are one already.")
            % {"target": target.number, "number": source.number}
        )
    return end


def ensure_mergeable(source: Ticket, target: Ticket, *, by: User | None) -> None:
    """Raises Refused, with the reason for a person, unless `source` may go into `target`.

    `target` is the end of its chain of merges. The page asks before it offers the button, the
    verb asks again under the locks.
    """
    for ticket in (source, target):
        if not ticket.record_model.IS_WRITTEN:
            raise Refused(
                _("%(number)s was ordered and is delivered on its own. Cancel one of the two.")
                % {"number": ticket.number}
            )
        ensure(
            permissions.may_merge(by, ticket),
            _("You cannot merge %(number)s: another team works on it.") % {"number": ticket.number},
        )
        if ticket.merged_into_id is not None:
            raise StaleRecord(_merged_already(ticket, by=by))
    names = {"number": source.number, "target": target.number}
    if source.lifecycle.find("cancel", source.status) is None:
        raise Refused(
            _("%(number)s is “%(status)s”. Only open tickets are merged into others.")
            % {"number": source.number, "status": source.status_label}
        )
    if target.closed_at is not None:
        raise Refused(
            _("%(number)s is “%(status)s”. Choose a ticket that goes on.")
            % {"number": target.number, "status": target.status_label}
        )
    if source.kind != target.kind:
        raise Refused(_("%(number)s and %(target)s are of different types.") % names)
    if source.organization_id != target.organization_id:
        raise Refused(_("%(target)s belongs to another organization than %(number)s.") % names)
    if source.is_confidential and not target.is_confidential:
        raise Refused(_("%(number)s is confidential, %(target)s is not.") % names)


def _merged_already(ticket: Ticket, *, by: User | None) -> str:
    """Names the ticket it was merged into to those who may see that one."""
    end = ticket.merged_into
    if end is not None and (by is None or Ticket.objects.visible_to(by).filter(pk=end.pk).exists()):
        return _("%(number)s was merged into %(other)s already.") % {
            "number": ticket.number,
            "other": end.number,
        }
    return _("%(number)s was merged into another ticket already.") % {"number": ticket.number}


def newcomers(source: Ticket, target: Ticket) -> tuple[list[User], list[User]]:
    """Whom the merge makes watchers of `target`, and who of `source` is left out.

    Left out is who may not see the target; people who take part in it already are in neither.
    """
    watchers = source.watchers.select_related("user").order_by("pk")
    people = [source.requester, source.requested_for, *(watcher.user for watcher in watchers)]
    present = {
        target.requester_id,
        target.requested_for_id,
        *target.watchers.values_list("user_id", flat=True),
    }
    new = dict.fromkeys(
        person for person in people if person and person.is_active and person.pk not in present
    )
    joining = [person for person in new if permissions.may_follow(person, target)]
    return joining, [person for person in new if person not in joining]


@transaction.atomic
def split(
    ticket: Ticket,
    message: Message,
    *,
    by: User,
    title: str,
    later: Iterable[Message] = (),
    at: datetime | None = None,
) -> Ticket:
    """Open a ticket of the same type of `message`, with copies of it and of the `later` ones.

    Each must be a public message from the requester's side, on `ticket` or on one merged into it.
    The new ticket was received when `message` was (`SLA-21`) and belongs to whom it was written
    by. Raises NotAllowed, MissingValue without a title, StaleRecord when it was split out under
    this title already, and Refused.
    """
    at = at or timezone.now()
    present = locked(ticket)
    if not present.record_model.IS_WRITTEN:
        raise Refused(
            _("%(number)s was ordered by a form. Open a ticket for what the message asks.")
            % {"number": present.number}
        )
    ensure(
        permissions.may_split(by, present),
        _("You cannot split %(number)s: another team works on it.") % {"number": present.number},
    )
    title = " ".join(title.split())[:250]
    if not title:
        raise MissingValue("title", _("Say in a few words what it is about."))
    more = sorted({one.pk: one for one in later if one.pk != message.pk}.values(), key=_when)
    _ensure_separable(present, [message, *more])
    _ensure_not_split_yet(present, message, title)
    requester = message.author or present.requester
    opened = open_ticket(
        present.record_model,
        by=by,
        title=title,
        text=message.text,
        html=message.html,
        full_text=message.full_text,
        requester=requester,
        requested_for=present.requested_for if requester.pk == present.requester_id else None,
        channel=message.channel,
        organization=present.organization,
        received_at=message.at,
        service=present.service,
        category=present.category,
        team=present.team,
        attachments=_copies_of_files(message),
        is_automatic=message.is_automatic,
        is_confidential=present.is_confidential or message.ticket.is_confidential,
        at=at,
    )
    for one in more:
        _copy(one, opened)
    tickets.link(opened, present, LinkType.RELATED, by=by, at=at)
    said = {"message": message.pk}
    tickets.record(present, EventKind.SPLIT, by=by, at=at, data={"to": opened.number} | said)
    tickets.record(opened, EventKind.SPLIT, by=by, at=at, data={"from": present.number} | said)
    touch(present, at=at)
    refresh_copy(ticket, present)
    return opened


def _locked_together(
    source: Ticket, target: Ticket
) -> tuple[Ticket, Ticket, list[Ticket], list[Ticket]]:
    """Source, target, the children of the source and what was merged into it, all locked.

    In the order of their keys: two merges at once wait for each other and never in a circle.
    Raises StaleRecord when the source got another one while this waited.
    """
    family = Q(parent=source.pk) | Q(merged_into=source.pk)
    rows = Ticket.objects.filter(Q(pk__in=(source.pk, target.pk)) | family).order_by("pk")
    keys = set(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    # What was chosen before the wait may be out of date; nothing changes it under the locks.
    found = {row.pk: row for row in rows}
    if set(found) - keys:
        raise StaleRecord(
            _("Someone else changed %(number)s just now. Look at it again, then decide.")
            % {"number": source.number}
        )
    return (
        found[source.pk].specific,
        found[target.pk].specific,
        [row for row in found.values() if row.parent_id == source.pk],
        [row for row in found.values() if row.merged_into_id == source.pk],
    )


def _hand_on_children(
    source: Ticket, target: Ticket, children: list[Ticket], *, by: User, at: datetime
) -> None:
    """The children of `source` become those of `target`, which takes its place when below it."""
    if _is_below(target, source):
        _set_parent(target, source.parent, by=by, at=at)
    for child in children:
        if child.pk != target.pk:
            _set_parent(child, target, by=by, at=at)


def _is_below(ticket: Ticket, other: Ticket) -> bool:
    """`other` is the parent of `ticket`, or a parent's parent; one query for each step."""
    passed = {ticket.pk}
    above = ticket.parent
    while above is not None and above.pk not in passed:
        if above.pk == other.pk:
            return True
        passed.add(above.pk)
        above = above.parent
    return False


def _set_parent(ticket: Ticket, parent: Ticket | None, *, by: User, at: datetime) -> None:
    before = ticket.parent
    write(ticket, at=at, changes={"parent": parent})
    changes = {"parent": [before and before.number, parent and parent.number]}
    tickets.record(ticket, EventKind.EDITED, by=by, at=at, data={"changes": changes})


def _when(message: Message) -> tuple[datetime, int]:
    return message.at, message.pk


def _ensure_separable(ticket: Ticket, chosen: list[Message]) -> None:
    """All are public, by the requester's side, of this conversation, the first one first."""
    for message in chosen:
        is_here = ticket.pk in (message.ticket_id, message.ticket.merged_into_id)
        if not is_here or not message.is_public or message.is_staff_side:
            raise Refused(_("Only what the requester's side wrote can become a ticket of its own."))
        if _when(message) < _when(chosen[0]):
            raise Refused(_("Choose messages that came later than the first one."))


def _ensure_not_split_yet(ticket: Ticket, message: Message, title: str) -> None:
    """A double click opens one ticket; a mail about three matters gives three titles."""
    events = ticket.events.filter(kind=EventKind.SPLIT, data__message=message.pk)
    numbers = [number for event in events if (number := event.data.get("to"))]
    same = Ticket.objects.filter(number__in=numbers, title=title).first()
    if same is not None:
        raise StaleRecord(
            _("This message is a ticket of its own already: %(number)s.") % {"number": same.number}
        )


def _copy(message: Message, ticket: Ticket) -> None:
    """The same message on `ticket`, said when and by whom it was said."""
    # Without its Message-ID: an answer to that mail belongs to the first ticket.
    copy = conversation.say(
        ticket,
        author=message.author,
        visibility=Visibility.PUBLIC,
        text=message.text,
        html=message.html,
        full_text=message.full_text,
        attachments=_copies_of_files(message),
        at=message.at,
        channel=message.channel,
        is_staff_side=False,
        is_automatic=message.is_automatic,
    )
    event = tickets.record(
        ticket,
        EventKind.COMMENTED,
        by=message.author,
        at=message.at,
        channel=message.channel,
        data=said_by_requester(ticket, copy),
    )
    sla.follow(ticket, event)


def _copies_of_files(message: Message) -> list[NewFile]:
    """The files of `message` that are still stored."""
    copies = []
    for attachment in message.attachments.all():
        try:
            with attachment.file.open("rb") as file:
                copies.append(NewFile(attachment.name, file.read()))
        except FileNotFoundError:
            # It shows as lost where it was sent; nothing is left to copy.
            continue
    return copies
