"""The pages of major incidents: who sees them, what they say, how many statements they take."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.desk import actions as desk
from itil.incidents import actions
from itil.incidents.models import Incident, MajorIncident
from portal.outbox.models import OutgoingMail
from portal.worker.dispatch import dispatch_events
from tests import make

MINUTE = timedelta(minutes=1)
RESOLUTION = {"resolution_code": "fixed", "note": "It runs again."}
BOARD = "/desk/incidents/major/"


def accepted(cast, age=10 * MINUTE):
    at = timezone.now() - age
    incident = make.taken_incident(cast, service=cast.mail_service, at=at)
    actions.propose_major(incident, by=cast.bo, reason="The whole site.", at=at)
    actions.accept(incident, by=cast.cleo, owner=cast.cleo, at=at)
    return incident


def test_the_board_takes_the_same_statements_for_any_number(
    cast, signed_in, django_assert_max_num_queries
):
    accepted(cast)
    client = signed_in(cast.cleo)
    with django_assert_max_num_queries(8) as few:
        client.get(BOARD)
    for _count in range(3):
        accepted(cast)
    with django_assert_max_num_queries(8) as many:
        client.get(BOARD)
    assert len(few) == len(many)
    assert client.get(f"{BOARD}?view=all&sort=-due").status_code == 200
    assert client.get(f"{BOARD}?format=csv").status_code == 200


@pytest.mark.parametrize(
    ("age", "words"), [(10, "in 19m"), (25, "soon: in 4m"), (45, "is 15m late")]
)
def test_the_countdown_says_in_words_how_urgent_it_is(cast, signed_in, age, words):
    incident = accepted(cast, age * MINUTE)
    client = signed_in(cast.cleo)
    for path in (BOARD, f"{BOARD}{incident.number}/", incident.get_absolute_url(), f"{BOARD}now/"):
        assert words in client.get(path).content.decode(), path


def test_what_one_may_not_see_is_not_there(cast, signed_in):
    incident = accepted(cast)
    pages = ("", "propose/", "accept/", "reject/", "demote/", "people-and-notice/", "update/")
    for name in ("ann", "ned", "bea", "dov"):
        client = signed_in(getattr(cast, name))
        for page in (*pages, "review/"):
            path = f"{BOARD}{incident.number}/{page}"
            assert client.get(path).status_code == 404, (name, page)
            if page:
                assert client.post(path, {"reason": "So."}).status_code == 404, (name, page)
        assert incident.number not in client.get(BOARD).content.decode()


def test_a_lead_walks_through_it_all(cast, signed_in):
    incident = make.taken_incident(cast, at=timezone.now())
    here, client = f"{BOARD}{incident.number}/", signed_in(cast.bo)
    assert client.post(f"{here}propose/", {"reason": " "}).status_code == 422
    assert client.post(f"{here}propose/", {"reason": "The whole site."}).status_code == 303
    assert client.post(f"{here}propose/", {"reason": "The whole site."}).status_code == 409
    values = {"owner": cast.cleo.pk, "interval_minutes": 30, "announcement": "Mail is slow."}
    assert client.post(f"{here}accept/", values).status_code == 409

    client = signed_in(cast.cleo)
    # Whoever decides reads why it was proposed.
    assert "The whole site." in client.get(here).content.decode()
    assert client.post(f"{here}accept/", values | {"interval_minutes": 2}).status_code == 422
    assert client.post(f"{here}accept/", values).status_code == 303
    people = {"manager": cast.bo.pk, "interval_minutes": 20, "announcement": ""}
    assert client.post(f"{here}people-and-notice/", people).status_code == 303
    major = MajorIncident.objects.get()
    assert (major.interval_minutes, major.announcement) == (20, "")
    assert major.roles.get().person == cast.bo
    assert client.post(f"{here}update/", {"text": "We are on it."}).status_code == 303
    assert "We are on it." in client.get(here).content.decode()

    desk.move(incident, "resolve", by=cast.bo, values=RESOLUTION)
    texts = {"what_happened": "It stood.", "causes": "A disk.", "actions": "Watch it."}
    first = client.get(f"{here}review/").context["form"]
    picked = [first.fields["moments"].choices[0][0]]
    values = texts | {"version": 0, "moments": picked, "finish": ""}
    assert client.post(f"{here}review/", values).status_code == 409
    assert Incident.objects.get().major_state == "resolved"
    values["no_problem_reason"] = "The cause is gone."
    assert client.post(f"{here}review/", values).status_code == 303
    assert Incident.objects.get().major_state == "reviewed"
    assert "A disk." in client.get(f"{here}review/").content.decode()


def test_the_portal_shows_the_notice_to_whom_it_concerns(cast, signed_in):
    incident = accepted(cast)
    major = MajorIncident.objects.get(incident=incident)
    actions.announce(major, "Mail is slow for everybody.", by=cast.cleo)

    assert MajorIncident.objects.announced_to(cast.ann).get() == major
    assert not MajorIncident.objects.announced_to(cast.dov).exists()


def test_the_requester_of_a_major_incident_is_not_asked_whether_it_is_over(cast, signed_in):
    """`INC-7`: neither on the page, nor in the mail."""
    incident, client = accepted(cast), signed_in(cast.ann)
    url = f"/requests/{incident.number}/"
    assert "Next news:" in client.get(url).content.decode()

    desk.move(incident, "resolve", by=cast.bo, values=RESOLUTION)
    page = client.get(url).content.decode()
    assert "We think this is solved." in page
    for offered in (f"{url}solved/", f"{url}reopen/", "opens it again"):
        assert offered not in page
    while dispatch_events():
        pass
    mail = OutgoingMail.objects.filter(to=cast.ann.email).latest("pk")
    assert "Answer this mail if something is still wrong." in mail.text
    assert "#solved" not in mail.text + mail.html
