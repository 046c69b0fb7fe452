"""The admin screens of forms."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from itil.fields import actions
from itil.fields.models import ExampleAnswers, FieldSet
from tests.cast import MONDAY
from tests.itil.fields.forms import form_of, laptop
from tests.itil.fields.test_actions import edit


@pytest.fixture
def laptop_form(cast):
    return actions.compose("Laptop", laptop(), by=cast.root, at=MONDAY).field_set


@pytest.fixture
def administrator(cast, signed_in):
    return signed_in(cast.root)


def posted(label: str, **changes) -> dict:
    """One section with one text, as the editor's page sends it."""
    section = {
        "title": "Details",
        "text": "",
        "key": "",
        "conditions-count": "0",
        "questions-count": "1",
        "questions-0-deleted": "",
        "questions-0-order": "0",
        "questions-0-type": "text",
        "questions-0-id": "",
        **{
            f"questions-0-value-{name}": ""
            for name in (
                "help", "key", "minimum", "maximum", "pattern", "pattern_hint", "default", "profile"
            )
        },
        "questions-0-value-label": label,
        "questions-0-value-conditions-count": "0",
    }  # fmt: skip
    return {
        "name": "Key card",
        "draft-count": "1",
        "draft-0-deleted": "",
        "draft-0-order": "0",
        "draft-0-type": "section",
        "draft-0-id": "",
        **{f"draft-0-value-{name}": value for name, value in section.items()},
    } | changes


def test_an_editor_composes_a_form_and_its_short_names_are_made(administrator):
    response = administrator.post(reverse("forms:add"), posted("Which door?"))
    assert response.status_code == 302
    definition = FieldSet.objects.get().drawn()
    assert list(definition.questions) == ["which_door"]
    assert definition.sections[0].key == "details"


def test_short_names_stay_when_the_words_change(administrator):
    administrator.post(reverse("forms:add"), posted("Which door?"))
    field_set = FieldSet.objects.get()
    page = administrator.get(reverse("forms:edit", args=[field_set.pk])).content.decode()
    assert "which_door" in page
    changed = posted("Which doors?") | {"draft-0-value-questions-0-value-key": "which_door"}
    administrator.post(reverse("forms:edit", args=[field_set.pk]), changed)
    field_set.refresh_from_db()
    assert field_set.drawn().questions["which_door"].label == "Which doors?"


def test_of_two_editors_the_second_is_told_and_loses_nothing(administrator):
    administrator.post(reverse("forms:add"), posted("Which door?"))
    field_set = FieldSet.objects.get()
    address = reverse("forms:edit", args=[field_set.pk])
    administrator.post(address, posted("First editor", seen_version="1"))
    response = administrator.post(address, posted("Second editor", seen_version="1"))
    assert "Somebody else has saved this form" in response.content.decode()
    assert "Second editor" in response.content.decode()
    field_set.refresh_from_db()
    assert [q.label for q in field_set.drawn().questions.values()] == ["First editor"]


def test_the_preview_shows_the_draft_and_says_what_comes_of_the_answers(administrator, laptop_form):
    address = reverse("forms:preview", args=[laptop_form.pk])
    assert "Which model?" in administrator.get(address).content.decode()
    answers = {"q-model": "creator", "q-why": "new", "q-needed": "2999-01-01"}
    page = administrator.post(address, answers).content.decode()
    assert "What the request will say" in page
    assert "€1,890.00" in page


def test_answers_in_the_preview_are_kept_as_an_example(administrator, laptop_form):
    address = reverse("forms:preview", args=[laptop_form.pk])
    answers = {"q-model": "creator", "q-why": "new", "keep": "1", "name": "No date"}
    response = administrator.post(address, answers)
    assert response.status_code == 302
    example = ExampleAnswers.objects.get()
    assert (example.name, example.error_at) == ("No date", "needed")
    page = administrator.get(reverse("forms:publish", args=[laptop_form.pk])).content.decode()
    assert "“No date” is refused at “When do you need it?”, as expected." in page
    forget = reverse("forms:forget_example", args=[laptop_form.pk, example.pk])
    administrator.post(forget)
    assert not ExampleAnswers.objects.exists()


def test_an_example_needs_a_name_and_the_answers_stay(administrator, laptop_form):
    address = reverse("forms:preview", args=[laptop_form.pk])
    response = administrator.post(address, {"q-note": "typed words", "keep": "1", "name": ""})
    assert response.status_code == 422
    assert "Give the example a name" in response.content.decode()
    assert "typed words" in response.content.decode()
    assert not ExampleAnswers.objects.exists()


def test_a_draft_with_problems_is_previewed_as_its_problems(administrator, laptop_form):
    edit(laptop_form, form_of())
    page = administrator.get(reverse("forms:preview", args=[laptop_form.pk])).content.decode()
    assert "Add at least one question." in page


def test_publishing_shows_the_differences_and_makes_the_next_version(administrator, laptop_form):
    edit(laptop_form, laptop().with_question("note", required=True))
    address = reverse("forms:publish", args=[laptop_form.pk])
    page = administrator.get(address).content.decode()
    assert "answer needed “yes” instead of “no”" in page
    assert administrator.post(address).status_code == 302
    laptop_form.refresh_from_db()
    assert laptop_form.current.number == 2
    assert "Nothing: the draft is the same as version 2." in (
        administrator.get(address).content.decode()
    )


def test_a_failing_example_stops_the_publication_on_its_page(administrator, laptop_form, cast):
    actions.keep_example(laptop_form, "Empty", {}, by=cast.root)
    edit(laptop_form, laptop().with_question("note", required=True))
    address = reverse("forms:publish", args=[laptop_form.pk])
    assert "“Empty” is refused at" in administrator.get(address).content.decode()
    response = administrator.post(address)
    assert response.status_code == 422
    laptop_form.refresh_from_db()
    assert laptop_form.current.number == 1


def test_what_was_published_cannot_be_deleted(administrator, laptop_form):
    administrator.post(reverse("forms:delete", args=[laptop_form.pk]))
    assert FieldSet.objects.exists()


def test_who_may_not_edit_forms_gets_none_of_the_screens(cast, signed_in, laptop_form):
    cast.bo.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = signed_in(cast.bo)
    for name in ("preview", "publish", "edit"):
        address = reverse(f"forms:{name}", args=[laptop_form.pk])
        assert client.get(address).status_code == 302
        assert client.post(address).status_code == 302
    assert laptop_form.versions.count() == 1


def test_the_list_costs_the_same_for_one_and_for_many(
    administrator, laptop_form, cast, django_assert_max_num_queries
):
    address = reverse("forms:index")
    administrator.get(address)
    for number in range(3):
        actions.compose(f"Form {number}", laptop(), by=cast.root, at=MONDAY)
    with django_assert_max_num_queries(14):
        page = administrator.get(address).content.decode()
    assert "Version 1" in page
