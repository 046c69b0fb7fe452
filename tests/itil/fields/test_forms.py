"""What people type becomes answers, or a sentence at the question."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from itil.fields.definition import Definition, Kind, Option
from itil.fields.forms import AnswerFile, AnswerForm
from portal.people.models import CostCentre, Location
from tests.itil.fields.forms import MONDAY, ask, filled, form_of, laptop, options, when

GOOD = {
    "model": "creator",
    "why": "replace",
    "tag": " HAL-20417 ",
    "extras": ["headset", "dock"],
    "needed": "2026-03-09",
    "note": "Two screens\r\nif you can.",
}


def test_good_answers_are_kept_in_one_way_of_writing():
    form = filled(laptop(), GOOD)
    assert form.is_valid()
    assert form.answers == {
        "model": "creator",
        "why": "replace",
        "tag": "HAL-20417",
        "extras": ["dock", "headset"],
        "needed": "2026-03-09",
        "note": "Two screens\nif you can.",
    }


def test_a_question_that_is_not_asked_has_no_answer_whatever_was_sent():
    form = filled(laptop(), GOOD | {"why": "new"})
    assert form.is_valid()
    assert "tag" not in form.answers


def test_every_fault_stands_at_its_question_and_what_was_typed_stays():
    form = filled(laptop(), GOOD | {"tag": "HAL-7", "needed": "2026-03-06", "model": ""})
    assert not form.is_valid()
    assert form.faults == {
        "model": "Choose an answer to “Which model?”",
        "tag": "Write the tag as HAL-12345",
        "needed": "Choose a date on or after 7 March 2026",
    }
    page = render_to_string("itil/fields/_form.html", {"form": form})
    assert 'value="HAL-7"' in page
    assert 'value="2026-03-06"' in page


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (ask("a"), "  x  ", "x"),
        (ask("a", Kind.NUMBER), "+007.50", "7.5"),
        (ask("a", Kind.NUMBER), "-0", "0"),
        (ask("a", Kind.NUMBER), "12,5", "12.5"),
        (ask("a", Kind.MONEY), "1890", "1890.00"),
        (ask("a", Kind.MONEY), "0,5", "0.50"),
        (ask("a", Kind.DATE), "2024-02-29", "2024-02-29"),
        (
            ask("a", Kind.DATE_SPAN),
            ["2026-03-02", "2026-03-02"],
            {"from": "2026-03-02", "to": "2026-03-02"},
        ),
        (ask("a", Kind.TIME_SPAN), ["00:00", "23:59"], {"from": "00:00", "to": "23:59"}),
        (ask("a", Kind.CONSENT), "on", True),
        (
            ask("a", Kind.TREE, options=(Option("hw", "Hardware", options=options("laptop")),)),
            "laptop",
            "laptop",
        ),
    ],
)
def test_each_kind_of_answer_is_read(question, typed, answer):
    form = filled(form_of(question), {"a": typed})
    assert form.is_valid(), form.errors
    assert form.answers == {"a": answer}


@pytest.mark.parametrize(
    ("question", "typed", "sentence"),
    [
        (ask("a", Kind.NUMBER), "1,890", "Write a number such as 12 or 12.5"),
        (ask("a", Kind.MONEY), "1.890", "Write an amount such as 1890"),
        (ask("a", Kind.NUMBER, minimum="2"), "1.9", "at least 2"),
        (ask("a", Kind.MONEY, maximum="100"), "100.01", "at most 100"),
        (ask("a", Kind.NUMBER), "nan", "Write a number"),
        (ask("a", Kind.DATE), "2026-02-30", "year-month-day"),
        (ask("a", Kind.DATE, maximum="2026-03-01"), "2026-03-02", "on or before 1 March 2026"),
        (ask("a", Kind.DATE_SPAN), ["2026-03-02", ""], "Give both days"),
        (ask("a", Kind.DATE_SPAN), ["2026-03-03", "2026-03-02"], "must not be before the first"),
        (ask("a", Kind.TIME_SPAN), ["09:00", "09:00"], "later than the first"),
        (ask("a", Kind.TIME_SPAN), ["09:00", "24:00"], "Give both times"),
        (ask("a", Kind.CHOICE, options=options("red")), "blue", "no longer offered"),
        (ask("a", Kind.CHOICES, options=options("red")), ["red", "blue"], "no longer offered"),
        (
            ask("a", Kind.CHOICES, options=options("red", "blue"), maximum="1"),
            ["red", "blue"],
            "Choose at most 1",
        ),
        (
            ask("a", Kind.TREE, options=(Option("hw", "Hardware", options=options("laptop")),)),
            "hw",
            "no longer offered",
        ),
        (ask("a", maximum="3"), "four", "Shorten this to 3 characters"),
        (ask("a", minimum="3"), "ab", "Write at least 3 characters"),
        (ask("a", Kind.LONG_TEXT), "x" * 20_001, "Shorten this to 20000 characters"),
        (ask("a", pattern=r"\d+"), "1a", "does not look right"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_to_do(question, typed, sentence):
    form = filled(form_of(question), {"a": typed})
    assert not form.is_valid()
    assert sentence in form.faults["a"]
    assert form.answers == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_an_answer_is_needed_only_where_the_form_says_so(kind, cast):
    def question(required):
        choices = options("x") if kind in (Kind.CHOICE, Kind.CHOICES, Kind.TREE) else ()
        return form_of(ask("a", kind, required=required, options=choices))

    assert filled(question(required=False), {}, person=cast.ann).is_valid()
    needed = filled(question(required=True), {}, person=cast.ann)
    assert not needed.is_valid()
    assert list(needed.faults) == ["a"]


def test_characters_that_a_database_cannot_keep_are_taken_out():
    form = filled(form_of(ask("a")), {"a": "b\x00c"})
    assert form.is_valid()
    assert form.answers == {"a": "bc"}


def test_names_of_questions_never_meet_the_fields_beside_the_form_or_its_attributes():
    names = ("csrfmiddlewaretoken", "rules", "sections", "price", "errors", "currency")
    form = AnswerForm(form_of(*(ask(name) for name in names)))
    assert form.bound("csrfmiddlewaretoken").html_name == "q-csrfmiddlewaretoken"
    page = render_to_string("itil/fields/_form.html", {"form": form})
    assert page.count("data-question") == len(names)
    assert "€0.00" in render_to_string("itil/fields/_price.html", {"form": form})


def test_a_condition_may_ask_for_an_answer_that_is_else_optional():
    definition = form_of(
        ask("price", Kind.MONEY),
        ask("reason", conditions=when("price", "500", effect="require", operator="more")),
    )
    assert filled(definition, {"price": "500"}).is_valid()
    above = filled(definition, {"price": "500.01"})
    assert not above.is_valid()
    assert list(above.faults) == ["reason"]


# --- People, places, files ----------------------------------------------------------------------


def test_a_colleague_is_named_by_address_or_name(cast):
    definition = form_of(ask("who", Kind.PERSON))
    for typed in ("ANN@acme.example", "ann"):
        form = filled(definition, {"who": typed}, person=cast.ann)
        assert form.is_valid()
        assert form.answers == {"who": cast.ann.pk}


def test_people_of_others_cannot_be_named_or_found_out(cast):
    definition = form_of(ask("who", Kind.PERSON))
    stranger = filled(definition, {"who": cast.dov.email}, person=cast.ann)
    nobody = filled(definition, {"who": "nobody@globex.example"}, person=cast.ann)
    assert not stranger.is_valid()
    assert not nobody.is_valid()
    assert stranger.faults == nobody.faults
    assert stranger.answers == {}


def test_people_who_left_cannot_be_named(cast):
    cast.bo.is_active = False
    cast.bo.save()
    form = filled(form_of(ask("who", Kind.PERSON)), {"who": cast.bo.email}, person=cast.cleo)
    assert not form.is_valid()


def test_locations_are_those_of_the_own_organization(cast):
    berlin = Location.objects.create(organization=cast.acme, name="Berlin")
    paris = Location.objects.create(organization=cast.globex, name="Paris")
    definition = form_of(ask("where", Kind.LOCATION))
    form = filled(definition, {"where": str(berlin.pk)}, person=cast.ann)
    assert form.is_valid()
    assert form.answers == {"where": berlin.pk}
    assert [label for _value, label in form.bound("where").field.widget.choices][1:] == ["Berlin"]
    for typed in (str(paris.pk), "9" * 30, "x", "-1", "²"):
        wrong = filled(definition, {"where": typed}, person=cast.ann)
        assert not wrong.is_valid()
        assert list(wrong.faults) == ["where"]


def test_the_profile_fills_in_what_it_knows(cast):
    cast.ann.phone = "+49 30 1234"
    cast.ann.manager = cast.cleo
    cast.ann.cost_centre = CostCentre.objects.create(code="4711", name="Marketing")
    cast.ann.location = Location.objects.create(organization=cast.acme, name="Berlin")
    definition = form_of(
        ask("phone", profile="phone"),
        ask("charged", profile="cost_centre"),
        ask("boss", Kind.PERSON, profile="manager"),
        ask("me", Kind.PERSON, profile="self"),
        ask("place", Kind.LOCATION, profile="location"),
        ask("color", Kind.CHOICE, options=options("red", "blue"), default="blue"),
    )
    assert AnswerForm(definition, person=cast.ann).typed == {
        "phone": "+49 30 1234",
        "charged": "4711 Marketing",
        "boss": "cleo@halden.example",
        "me": "ann@acme.example",
        "place": str(cast.ann.location_id),
        "color": "blue",
    }


def test_an_abandoned_form_is_found_again_as_it_was(cast):
    definition = form_of(
        ask("price", Kind.MONEY),
        ask("days", Kind.DATE_SPAN),
        ask("who", Kind.PERSON),
        ask("color", Kind.CHOICES, options=options("red", "blue")),
    )
    typed = {"price": "a lot", "days": ["2026-03-02", ""], "who": "ann", "color": ["red"]}
    draft = filled(definition, typed, person=cast.ann).typed
    assert draft == typed
    again = AnswerForm(definition, initial=draft, person=cast.ann)
    page = render_to_string("itil/fields/_form.html", {"form": again})
    assert again.typed == typed
    assert 'value="a lot"' in page
    assert 'value="red" checked' in page


def test_kept_answers_stand_in_the_form_as_text(cast):
    definition = form_of(
        ask("who", Kind.PERSON), ask("yes", Kind.CONSENT), ask("days", Kind.TIME_SPAN)
    )
    answers = {"who": cast.ann.pk, "yes": True, "days": {"from": "09:00", "to": "10:00"}}
    form = AnswerForm(definition, initial=answers | {"gone": "x"}, person=cast.ann)
    assert form.typed == {"who": "ann@acme.example", "yes": "on", "days": ["09:00", "10:00"]}


def test_files_are_given_apart_and_named_in_the_answers():
    definition = form_of(ask("photos", Kind.FILE, required=True, maximum="2"))
    form = filled(definition, {"photos": [SimpleUploadedFile("a.png", b"1")]})
    assert form.is_valid()
    assert form.answers == {"photos": ["a.png"]}
    assert form.uploads == {"photos": [AnswerFile("a.png", b"1")]}


def test_files_that_are_already_there_count_until_they_are_taken_out():
    definition = form_of(ask("photos", Kind.FILE, required=True))
    kept = {"photos": ["a.png", "b.png"]}
    data = {"q-photos-kept": ["b.png", "strange.png"]}
    form = AnswerForm(definition, data, {}, initial=kept)
    assert form.is_valid()
    assert form.answers == {"photos": ["b.png"]}
    assert form.sections[0].questions[0].kept == [("a.png", False), ("b.png", True)]
    assert not AnswerForm(definition, {}, {}, initial=kept).is_valid()


def test_too_many_and_too_large_files_are_refused(settings):
    settings.ATTACHMENT_MAX_BYTES, settings.ATTACHMENTS_MAX_BYTES = 4, 6
    definition = form_of(ask("one", Kind.FILE, maximum="1"), ask("two", Kind.FILE))

    def errors(one, two):
        uploads = {
            key: [SimpleUploadedFile(f"{size}.txt", b"x" * size) for size in sizes]
            for key, sizes in (("one", one), ("two", two))
        }
        form = filled(definition, uploads)
        form.is_valid()
        return form.faults

    assert errors([4], [2]) == {}
    assert "larger than" in errors([5], [])["one"]
    assert errors([1, 1], []) == {"one": "Choose at most 1"}
    assert list(errors([4], [3])) == ["one", "two"]


def test_a_form_that_was_republished_meanwhile_says_what_is_gone():
    old, new = form_of(ask("a", Kind.CHOICE, options=options("red", "blue"))), None
    new = old.with_question("a", options=options("red", "green"))
    form = filled(new, {"a": "blue"})
    assert not form.is_valid()
    assert form.faults == {"a": "This answer is no longer offered. Choose another one"}
    assert AnswerForm(new, initial={"a": "blue", "b": "x"}).typed == {"a": "blue"}


# --- How it is drawn ----------------------------------------------------------------------------


def drawn(form: AnswerForm):
    return {item.question.key: item for section in form.sections for item in section.questions}


def test_a_question_about_one_option_opens_under_it():
    form = AnswerForm(laptop(), today=MONDAY)
    shown = drawn(form)
    assert "tag" not in shown
    cards = {card.value: card for card in shown["why"].cards}
    assert [item.question.key for item in cards["replace"].revealed] == ["tag"]
    assert cards["new"].revealed == []
    assert not cards["replace"].revealed[0].is_shown


def test_long_lists_of_plain_options_are_selected_others_are_cards():
    many = tuple(Option(f"o{n}", f"Option {n}") for n in range(8))
    priced = (*many[:7], Option("o7", "Option 7", "with a line"))
    assert drawn(AnswerForm(form_of(ask("a", Kind.CHOICE, options=many))))["a"].look == "control"
    assert drawn(AnswerForm(form_of(ask("a", Kind.CHOICE, options=priced))))["a"].look == "cards"
    assert drawn(AnswerForm(form_of(ask("a", Kind.CHOICE, options=many[:7]))))["a"].look == "cards"


def test_an_optional_choice_can_be_taken_back():
    colors = options("red", "blue")
    optional = drawn(AnswerForm(form_of(ask("a", Kind.CHOICE, options=colors))))["a"]
    needed = drawn(AnswerForm(form_of(ask("a", Kind.CHOICE, options=colors, required=True))))["a"]
    assert [card.label for card in optional.cards] == ["Red", "Blue", "No answer"]
    assert [card.label for card in needed.cards] == ["Red", "Blue"]


def test_the_summary_leads_to_each_question():
    form = filled(laptop(), {"why": "replace"})
    page = render_to_string("itil/fields/_errors.html", {"form": form})
    for target in ("id_q-model_0", "id_q-tag", "id_q-needed"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in render_to_string("itil/fields/_form.html", {"form": form})


def test_what_is_chosen_so_far_has_a_price():
    form = filled(laptop(), GOOD)
    page = render_to_string("itil/fields/_price.html", {"form": form})
    assert str(form.price) == "2125.00"
    assert "€2,125.00" in page


def test_texts_of_editors_are_never_markup():
    nasty = "</script><b>x</b>"
    definition = form_of(ask("a", label=nasty, help=nasty), ask("b", label=nasty))
    page = render_to_string("itil/fields/_form.html", {"form": AnswerForm(definition)})
    assert "<b>x</b>" not in page


def test_an_empty_form_is_valid():
    form = filled(Definition())
    assert form.is_valid()
    assert form.answers == {}


@pytest.mark.django_db
def test_a_form_without_people_and_places_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        form = filled(laptop(), GOOD)
        assert form.is_valid()
        render_to_string("itil/fields/_form.html", {"form": form})
