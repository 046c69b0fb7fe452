"""Time from a file: tried first, booked as a whole, and twice makes no doubles."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from itil.timesheets.models import TimeEntry, TimeImport
from tests import make as world

UPLOAD = "/desk/time/import/"
FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
HEAD = "date;ticket;activity;minutes;from;until;billing;note;reference\n"


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def number(cast):
    return world.taken_incident(cast).number


def upload(client, text, follow=True):
    file = SimpleUploadedFile("time.csv", text.encode() if isinstance(text, str) else text)
    return client.post(UPLOAD, {"file": file}, follow=follow)


def book(client):
    return client.post(f"{UPLOAD}{TimeImport.objects.first().uuid}/", follow=True)


def good(number):
    return (
        HEAD
        + f"2026-03-02;{number};Analysis;1:30;;;;Read the log;\n"
        + f"2026-03-03;{number.lower()};analysis;;23:30;00:30;non_billable;;\n"
        + f"2026-03-05;{number};Analysis;15;;;;;A-1\n"
        + f"2026-03-05;{number};Analysis;15;;;;;\n"
        + f"2026-03-05;{number};Analysis;15;;;;;\n"
    )


def test_a_file_is_shown_first_and_booked_afterwards(signed_in, cast, number):
    client = signed_in(cast.bo)

    shown = upload(client, good(number)).content.decode()
    before = TimeEntry.objects.count()
    done = book(client).content.decode()

    assert "Nothing is booked yet." in shown
    assert "New: 5, 3h 15m" in shown
    assert before == 0
    assert "The time is booked." in done
    entries = TimeEntry.objects.order_by("work_date", "pk").values_list("minutes", "billing_kind")
    assert list(entries) == [
        (90, "billable"),
        (30, "non_billable"),
        (30, "non_billable"),
        (15, "billable"),
        (15, "billable"),
        (15, "billable"),
    ]


def test_the_same_file_again_books_nothing(signed_in, cast, number):
    client = signed_in(cast.bo)
    upload(client, good(number))
    book(client)

    again = upload(client, good(number)).content.decode()
    book(client)

    assert "There is nothing to do." in again
    assert "Already booked: 5" in again
    assert TimeEntry.objects.count() == 6


def test_a_file_is_carried_out_once(signed_in, cast, number):
    client = signed_in(cast.bo)
    upload(client, good(number))
    book(client)

    assert "carried out already" in book(client).content.decode()
    assert TimeEntry.objects.count() == 6


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("soon;{number};Analysis;15;;;;;", "Enter a date such as 2026-10-31."),
        ("2026-02-31;{number};Analysis;15;;;;;", "Enter a date such as 2026-10-31."),
        ("2026-03-07;{number};Analysis;15;;;;;", "Choose today or an earlier date."),
        ("2026-03-02;INC-999999;Analysis;15;;;;;", "There is no ticket with this number"),
        ("2026-03-02;{number};Magic;15;;;;;", "There is no activity “Magic”. There are: Analysis."),
        ("2026-03-02;{number};Analysis;a while;;;;;", "Enter the time as 1:30"),
        ("2026-03-02;{number};Analysis;0;;;;;", "Enter between 1 minute and 24 hours."),
        ("2026-03-02;{number};Analysis;;9:00;;;;", "Enter from and until as times"),
        ("2026-03-02;{number};Analysis;;9:00;9:00;;;", "later than the start"),
        ("2026-03-02;{number};Analysis;15;;;gratis;;", "Billing is one of: billable"),
        ("2026-03-02;{number};Analysis;15;;;;;;extra", "more cells than there are columns"),
    ],
)
def test_a_line_that_is_wrong_says_why_and_nothing_is_booked(signed_in, cast, number, line, why):
    client = signed_in(cast.bo)
    text = HEAD + f"2026-03-02;{number};Analysis;30;;;;;\n" + line.format(number=number)

    shown = upload(client, text).content.decode()
    done = book(client).content.decode()

    assert why in shown
    assert "New: 1" in shown
    assert "Some lines cannot be booked, so none was." in done
    assert not TimeEntry.objects.exists()


def test_lines_of_one_file_that_overlap_are_refused(signed_in, cast, number):
    line = f"2026-03-02;{number};Analysis;;09:00;10:00;;;\n"

    shown = upload(signed_in(cast.bo), HEAD + line + line).content.decode()

    assert f"You worked on something else at that time: {number}, 09:00 – 10:00" in shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The submitted file is empty."),
        (b"\xff\xfe\x00", "Save the file as UTF-8"),
        ("date,ticket,activity,minutes\n", "no lines below"),
        ("date,ticket,minutes,colour\n1,2,3,4\n", "Unknown columns: colour."),
        ("date,ticket,minutes\n1,2,3\n", "Columns are missing: activity."),
        ("date,ticket,activity,from\n1,2,3,4\n", "A column minutes is missing"),
        ("date,date,ticket,activity,time\n1,2,3,4,5\n", "Named twice: date."),
    ],
)
def test_a_file_that_is_no_list_of_entries_says_what_to_do(signed_in, cast, text, why):
    response = upload(signed_in(cast.bo), text)

    assert response.status_code == 422
    assert why in response.content.decode()
    assert not TimeImport.objects.exists()


def test_our_own_export_can_be_read_by_us(signed_in, cast, number):
    client = signed_in(cast.bo)
    upload(client, good(number))
    book(client)
    export = client.get("/desk/time/entries/?view=mine&format=csv").getvalue()
    TimeEntry.objects.all().delete()

    shown = upload(client, export).content.decode()
    book(client)

    assert "New: 6, 3h 15m" in shown
    assert TimeEntry.objects.count() == 6


def test_the_file_of_somebody_else_does_not_exist(signed_in, cast, number):
    upload(signed_in(cast.bo), good(number))
    path = f"{UPLOAD}{TimeImport.objects.get().uuid}/"

    assert signed_in(cast.cleo).get(path).status_code == 404
    assert signed_in(cast.cleo).post(path).status_code == 404
    assert not TimeEntry.objects.exists()


def test_on_tickets_where_one_may_not_book_nothing_is_imported(signed_in, cast, number):
    shown = upload(signed_in(cast.ned), good(number)).content.decode()

    assert "There is no ticket with this number that you may see." in shown
