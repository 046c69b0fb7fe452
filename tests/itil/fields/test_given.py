"""Answers that come from beside a form are not asked for, as long as they will do."""

from django.template.loader import render_to_string

from itil.fields.definition import Kind
from itil.fields.forms import AnswerForm
from tests.itil.fields.forms import MONDAY, ask, filled, form_of, options, when

COLOR = ask("color", Kind.CHOICE, options=options("red", "blue"), required=True)
SHADE = ask("shade", label="Which shade?", conditions=when("color", "red"), required=True)
NAME = ask("name", required=True)


def page_of(form) -> str:
    return render_to_string("itil/fields/_form.html", {"form": form})


def test_what_is_given_is_not_asked_and_counts_for_conditions():
    form = filled(form_of(COLOR, SHADE), {"shade": "Rose"}, given={"color": "red"})
    assert form.is_valid()
    assert form.answers == {"color": "red", "shade": "Rose"}
    page = page_of(form)
    assert '<input type="hidden" name="q-color" value="red">' in page
    assert 'class="lbl">Color' not in page


def test_what_was_sent_in_its_place_does_not_count():
    form = filled(form_of(COLOR), {"color": "blue"}, given={"color": "red"})
    assert form.is_valid()
    assert form.answers == {"color": "red"}


def test_what_no_longer_fits_is_asked():
    form = AnswerForm(form_of(COLOR), today=MONDAY, given={"color": "green"})
    assert 'type="radio"' in page_of(form)
    assert filled(form_of(COLOR), {"color": "blue"}, given={"color": "green"}).is_valid()


def test_what_is_not_answered_elsewhere_either_is_asked_when_it_is_needed():
    form = filled(form_of(NAME), {}, given={"name": ""}, mirrors={"name": "q-who"})
    assert not form.is_valid()
    page = page_of(form)
    assert "Fill in “Name”" in page
    assert 'type="text"' in page
    before = page_of(AnswerForm(form_of(NAME), given={"name": ""}, mirrors={"name": "q-who"}))
    assert '<input type="hidden" name="q-name" value="" data-mirror="q-who">' in before
