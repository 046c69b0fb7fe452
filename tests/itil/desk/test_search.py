"""Finding tickets by number and by words, and only those one may see."""

import pytest

from itil.desk import actions as desk
from itil.desk.models import MAX_INDEXED_CHARACTERS, SearchEntry
from itil.desk.reactions import react
from itil.desk.search import index_tickets, matching, number_in
from itil.tickets.actions import watch
from itil.tickets.models import Ticket, TicketEvent
from tests import make


def found(user, text) -> set[int]:
    """Keys of what `user` finds, everything indexed first."""
    index_tickets(Ticket.objects.all())
    return set(matching(Ticket.objects.visible_to(user), text, user).values_list("pk", flat=True))


@pytest.mark.parametrize(
    "typed",
    ["INC-000012", "inc-12", "INC12", "inc000012", "#INC-12", "[INC-000012]", "  Inc-0012 "],
)
def test_a_number_is_known_in_any_writing(typed):
    assert number_in(typed) == "INC-000012"


@pytest.mark.parametrize("typed", ["12", "INC-", "INC-12 mail", "XYZ-12", "INC-12a", "", "INC--1"])
def test_other_words_are_no_numbers(typed):
    assert number_in(typed) is None


def test_a_number_finds_its_ticket_without_the_index(cast):
    incident, _other = make.incident(cast), make.incident(cast)
    typed = incident.number.replace("-0", "").lower()

    assert set(matching(Ticket.objects.all(), typed, cast.bo)) == {
        Ticket.objects.get(pk=incident.pk)
    }


@pytest.mark.parametrize(
    "typed",
    [
        "printer",
        "PRINTERS",
        "jammed",
        "jam",
        "printer jam",
        "tray",
        "принтер",
        "бумаги",
        "打印",
        "打印机",
        "königstraße",
        "KÖNIGSTRASSE",
    ],
)
def test_words_are_found_in_subject_and_messages_in_every_form(cast, typed):
    incident = make.incident(
        cast,
        title="The printer in Königstraße is jamming",
        text="Принтер не работает, нет бумаги. 打印机坏了",
    )
    desk.reply(incident, by=cast.bo, text="Empty the second tray, please.")
    make.incident(cast)

    assert found(cast.bo, typed) == {incident.pk}


def test_every_word_must_be_there(cast):
    make.incident(cast, title="The printer jams")

    assert found(cast.bo, "printer melts") == set()


def test_signs_that_mean_something_to_databases_are_only_signs(cast):
    incident = make.incident(cast, title='Quote " in (brackets)')

    for typed in ('"', "'; DROP TABLE", "a AND", "NEAR(", "* OR *", "-", "\\", "%", "((("):
        found(cast.bo, typed)
    assert found(cast.bo, '"brackets*)') == {incident.pk}


def test_one_letter_is_no_search(cast):
    incident = make.incident(cast)

    assert found(cast.bo, "q") == {incident.pk}


@pytest.mark.parametrize(
    ("name", "finds"),
    [("ann", True), ("bo", True), ("cleo", True), ("ned", False), ("dov", False), ("bea", False)],
)
def test_nobody_finds_what_one_may_not_see(cast, name, finds):
    incident = make.incident(cast, title="Printer")

    for typed in ("printer", incident.number):
        assert bool(found(getattr(cast, name), typed)) is finds


def test_words_of_a_note_lead_agents_to_the_ticket_and_no_other_team(cast):
    incident = make.incident(cast)
    desk.note(incident, by=cast.bo, text="The relay is misconfigured.")

    assert found(cast.bo, "relay") == {incident.pk}
    assert found(cast.ned, "relay") == set()


@pytest.mark.parametrize(
    ("name", "title", "public", "note"),
    [
        # Agents of the team, leads and administrators read everything.
        ("bo", True, True, True),
        ("cleo", True, True, True),
        ("root", True, True, True),
        # Who takes part reads the public part, managers the subject only (c5).
        ("ann", True, True, False),
        ("ned", True, True, False),
        ("mia", True, False, False),
    ],
)
def test_only_words_that_one_may_read_lead_to_a_ticket(cast, name, title, public, note):
    incident = make.incident(cast, title="Printer", text="It smells of smoke.")
    desk.note(incident, by=cast.bo, text="The fuser is too hot.")
    watch(incident, cast.ned)
    reader = getattr(cast, name)

    assert bool(found(reader, "printers")) is title
    assert bool(found(reader, "smelling")) is public
    assert bool(found(reader, "fuser")) is note
    # All words must be readable, not one of them.
    assert bool(found(reader, "printer fuser")) is note


def test_a_search_takes_as_many_statements_for_any_number_of_finds(cast, django_assert_num_queries):
    for number in range(3):
        desk.note(make.incident(cast, title=f"Printer {number}"), by=cast.bo, text="Hot printer.")
    index_tickets(Ticket.objects.all())
    # The finds, what was said on those that are not read by duty, and the tickets.
    for reader, queries in ((cast.bo, 2), (cast.mia, 3)):
        assert reader.grants
        with django_assert_num_queries(queries):
            list(matching(Ticket.objects.all(), "printer", reader))


def test_indexing_again_changes_nothing(cast):
    incident = make.incident(cast, title="Printer")

    assert [index_tickets([incident]) for _ in range(3)] == [1, 1, 1]
    assert SearchEntry.objects.count() == 1
    assert found(cast.bo, "printer") == {incident.pk}


def test_a_new_subject_replaces_the_old_one(cast):
    incident = make.incident(cast, title="Printer")
    index_tickets([incident])
    desk.edit(incident, by=cast.bo, version=incident.version, changes={"title": "Scanner"})

    react(TicketEvent.objects.get(kind="edited"))

    def hits(word):
        return matching(Ticket.objects.all(), word, cast.bo).count()

    assert (hits("scanner"), hits("printer")) == (1, 0)


def test_only_events_with_words_touch_the_index(cast):
    incident = make.incident(cast)
    desk.assign(incident, cast.bo, by=cast.bo)

    react(TicketEvent.objects.get(kind="assigned"))
    before = SearchEntry.objects.count()
    react(TicketEvent.objects.get(kind="opened"))

    assert (before, SearchEntry.objects.count()) == (0, 1)


def test_a_long_conversation_is_found_by_its_beginning_and_its_end(cast):
    filling = "lorem " * MAX_INDEXED_CHARACTERS
    incident = make.incident(cast, text=f"aardvark {filling} middling {filling} zebra")

    assert found(cast.bo, "aardvark") == found(cast.bo, "zebra") == {incident.pk}
    assert found(cast.bo, "middling") == set()
