"""Forms ask for devices and items of the estate (`itil.fields.definition.choosing`)."""

import pytest

from itil.cmdb import actions as items
from itil.cmdb.models import ItemClass
from itil.fields.answers import as_typed, readable
from itil.fields.definition import Kind, chooser, problems
from itil.fields.forms import AnswerForm
from itil.fields.models import as_editors_see
from tests.cast import MONDAY
from tests.itil.fields.forms import ask, form_of

DEVICE = form_of(ask("device", Kind.DEVICE, label="Which one?", required=True))
LAPTOP = form_of(ask("thing", Kind.ITEM, label="Which one?", among="computers"))


@pytest.fixture
def estate(cast):
    """Ann holds a laptop; a server stands in the cellar."""
    computers = ItemClass.objects.create(name="Computers", slug="computers")
    laptops = ItemClass.objects.create(name="Laptops", slug="laptops", parent=computers)
    servers = ItemClass.objects.create(name="Rooms", slug="rooms")

    def make(name, kind):
        values = {"name": name, "item_class": kind, "organization": cast.halden}
        return items.create_item(by=None, status="in_stock", at=MONDAY, **values)

    laptop = items.hand_over(make("Light 14", laptops), cast.ann, by=None, at=MONDAY)
    return laptop, make("Light room", servers)


def filled(form, person, typed, holder=None):
    key = next(iter(form.questions))
    made = AnswerForm(form, {f"q-{key}": typed}, person=person, holder=holder)
    made.is_valid()
    return made


def test_a_device_is_one_that_the_person_holds(cast, estate):
    laptop, room = estate
    form = filled(DEVICE, cast.ann, laptop.number)
    assert form.answers == {"device": {"thing": laptop.number, "name": "Light 14"}}
    assert f'value="{laptop.number}"' in str(form.bound("device"))
    assert as_typed(DEVICE, form.answers) == {"device": laptop.number}

    wrong = ((cast.dov, laptop.number), (cast.ann, room.number), (cast.ann, "Light 14"))
    for person, typed in wrong:
        assert "does not have this any more" in filled(DEVICE, person, typed).faults["device"]
    # Ordered by Bo for Ann, it is hers that are offered.
    assert filled(DEVICE, cast.bo, laptop.number, holder=cast.ann).is_valid()


def test_an_answer_keeps_the_name_of_its_day(cast, estate):
    laptop, _room = estate
    answers = filled(DEVICE, cast.ann, laptop.number).answers
    items.edit_item(laptop, by=None, version=laptop.version, changes={"name": "Old one"}, at=MONDAY)
    assert readable(DEVICE, answers) == [("", [("Which one?", f"Light 14 ({laptop.number})")])]


def test_an_item_is_found_by_number_or_name_among_its_class_and_what_one_may_see(cast, estate):
    laptop, room = estate
    for typed in (laptop.number, "light 14"):
        assert filled(LAPTOP, cast.bo, typed).answers["thing"]["thing"] == laptop.number
    for person, typed in ((cast.bo, room.number), (cast.bo, "Light"), (cast.dov, laptop.number)):
        assert "Nothing is known" in filled(LAPTOP, person, typed).faults["thing"]
    assert ("computers", "Computers") in chooser().classes()


def test_what_is_suggested_is_what_one_may_see(cast, estate, signed_in, client):
    laptop, room = estate
    url = "/fields/items/?name=q-thing&q-thing=light"
    page = signed_in(cast.bo).get(url).content.decode()
    assert laptop.number in page
    assert room.number in page
    page = signed_in(cast.bo).get(f"{url}&among=computers").content.decode()
    assert room.number not in page
    assert laptop.number in signed_in(cast.ann).get(url).content.decode()
    assert "CI-" not in signed_in(cast.dov).get(url).content.decode()
    assert "CI-" not in signed_in(cast.bo).get("/fields/items/?name=q-thing").content.decode()
    client.logout()
    assert client.get(url).status_code == 302


def test_editors_see_what_such_a_question_asks(cast, estate):
    for form in (DEVICE, LAPTOP):
        assert as_editors_see(form) == form
        assert problems(form) == []
    text = form_of(ask("a", among="computers"))
    assert "only items of the estate have a class" in problems(text)[0]
