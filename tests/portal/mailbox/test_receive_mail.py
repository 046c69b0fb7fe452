"""The command for mail servers that deliver into a pipe."""

import io
import json
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from itil.incidents.models import Incident
from portal.mailbox.models import InboundMail

from .letters import DESK, answer, letter, with_files


@pytest.fixture
def pipe(monkeypatch, mailbox):
    """A function that pipes one mail into the command and returns what it answers."""

    def run(raw: bytes, *arguments: str) -> dict:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        output = io.StringIO()
        call_command("receive_mail", *arguments, stdout=output)
        (line,) = output.getvalue().splitlines()
        return json.loads(line)

    return run


def test_a_new_ticket_is_told_in_one_line(pipe):
    said = pipe(with_files(("log.txt", b"lines")))
    assert said == {
        "outcome": "created",
        "ticket": Incident.objects.get().number,
        "sender": "ann@acme.example",
        "subject": "With files",
        "text": "See the files.",
        "attachments": ["log.txt"],
    }


def test_an_answer_is_told_with_its_ticket(pipe):
    first = pipe(letter())
    said = pipe(answer("1@acme.example", "Still.\n\n> It is broken."))
    assert (said["outcome"], said["ticket"], said["text"]) == (
        "appended",
        first["ticket"],
        "Still.",
    )


def test_a_copy_and_an_automatic_answer_are_ignored_with_a_reason(pipe):
    pipe(letter())
    copy = pipe(letter())
    assert (copy["outcome"], copy["reason"]) == (
        "ignored",
        "A copy of a mail that was processed already.",
    )
    said = pipe(letter(mail_id="9@x", Auto_Submitted="auto-replied"))
    assert (said["outcome"], said["ticket"]) == ("ignored", None)


def test_what_cannot_be_used_is_stored_in_quarantine(pipe):
    assert pipe(b"")["outcome"] == "quarantined"
    assert InboundMail.objects.quarantined().count() == 1


def test_the_mailbox_and_the_time_may_be_told(pipe, cast):
    pipe(letter(), "--mailbox", DESK.upper(), "--received-at", "2026-03-02T10:30:00+01:00")
    incident = Incident.objects.get()
    assert (incident.team, incident.received_at.isoformat()) == (
        cast.desk_team,
        "2026-03-02T09:30:00+00:00",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--mailbox", "nobody@halden.example"),
        ("--received-at", "yesterday"),
        ("--received-at", "2026-03-02T10:30:00"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_stored(pipe, arguments):
    with pytest.raises(CommandError):
        pipe(letter(), *arguments)
    assert InboundMail.objects.count() == 0
