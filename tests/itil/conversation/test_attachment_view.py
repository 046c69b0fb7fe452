"""Handing out files: to whom, and how."""

import pytest

from itil.conversation.files import NewFile
from itil.conversation.models import Attachment
from itil.desk import actions as desk
from tests import make

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c626001000000ffff030000060005"
    "57bfabd40000000049454e44ae426082"
)


def attached(cast, name="notes.txt", content=b"plain words", internal=False) -> str:
    """The address of a file on Ann's ticket, in her report or in a note."""
    file = NewFile(name, content)
    if internal:
        desk.note(make.taken_incident(cast), by=cast.bo, text="See file.", attachments=[file])
    else:
        make.incident(cast, attachments=[file])
    return f"/attachments/{Attachment.objects.get().uuid}/"


@pytest.mark.parametrize(
    ("name", "status"), [("ann", 200), ("bo", 200), ("dov", 404), ("mia", 404)]
)
def test_a_public_file_is_for_those_who_may_read_its_message(signed_in, cast, name, status):
    address = attached(cast)
    assert signed_in(getattr(cast, name)).get(address).status_code == status


@pytest.mark.parametrize(("name", "status"), [("ann", 404), ("bo", 200), ("dov", 404)])
def test_a_file_of_a_note_stays_inside(signed_in, cast, name, status):
    address = attached(cast, internal=True)
    assert signed_in(getattr(cast, name)).get(address).status_code == status


def test_a_visitor_is_asked_to_sign_in(client, cast):
    assert client.get(attached(cast)).status_code == 302


def test_an_absent_file_looks_like_a_forbidden_one(signed_in, cast):
    absent = "/attachments/00000000-0000-4000-8000-000000000000/"
    assert signed_in(cast.dov).get(absent).status_code == 404


def test_a_text_is_a_download_that_browsers_do_not_interpret(signed_in, cast):
    response = signed_in(cast.ann).get(attached(cast, "résumé.html", b"<script>1</script>"))
    assert b"".join(response.streaming_content) == b"<script>1</script>"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_is_shown(signed_in, cast):
    response = signed_in(cast.ann).get(attached(cast, "shot.png", PNG))
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline")


def test_a_drawing_that_can_hold_scripts_is_a_download(signed_in, cast):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    response = signed_in(cast.ann).get(attached(cast, "drawing.svg", svg))
    assert response["Content-Disposition"].startswith("attachment;")


def test_a_quarantined_file_is_handed_out_to_nobody(signed_in, cast):
    address = attached(cast, "setup.exe", b"MZ" + bytes(100))
    for person in (cast.ann, cast.bo, cast.root):
        response = signed_in(person).get(address)
        assert response.status_code == 410
        assert b"MZ" not in response.content
