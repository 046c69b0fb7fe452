"""A bundle is composed in the admin; one that could not be ordered is refused."""

import pytest
from django.urls import reverse

from catalog.offerings.models import Bundle, BundleAnswer, BundleLine, CatalogItem
from itil.fields.definition import Kind
from tests.catalog.requests import bundles, orders

from . import shop


@pytest.fixture
def story(cast):
    return bundles.welcome(orders.counter(cast))


@pytest.fixture
def kim(story, signed_in):
    return signed_in(shop.manager(story.shelf.cast))


def management(prefix: str, total: int, stored: int = 0) -> dict:
    return {
        f"{prefix}-TOTAL_FORMS": total,
        f"{prefix}-INITIAL_FORMS": stored,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }


def entered(*lines, returns=(), **fields) -> dict:
    """The posted form; a line is an item with its answers as (question, source, value)."""
    posted = {"name": "Starters", **fields, **management("lines", len(lines))}
    for row, (item, answers) in enumerate(lines):
        line = {"item": item.pk, "standing": "required", "quantity": 1, "days": -3, "ORDER": row}
        posted |= {f"lines-{row}-{key}": value for key, value in line.items()}
        posted |= management(f"lines-{row}-answers", len(answers))
        for place, values in enumerate(answers):
            names = zip(("question", "source", "value"), values, strict=True)
            posted |= {f"lines-{row}-answers-{place}-{name}": value for name, value in names}
            posted[f"lines-{row}-answers-{place}-ORDER"] = place
    posted |= management("returns", len(returns))
    for row, item in enumerate(returns):
        posted |= {f"returns-{row}-item": item.pk, f"returns-{row}-ORDER": row}
    return posted


def test_a_catalog_manager_composes_a_bundle(kim, story):
    laptop, badge = story.shelf.laptop, story.badge
    answers = (("model", "fixed", "light"), ("extras", "first", "dock, monitor"))
    answer = kim.post(reverse("bundles:add"), entered((laptop, answers), (badge, ())))

    assert answer.status_code == 302, answer.context["form"].errors
    made = Bundle.objects.get(name="Starters")
    assert [(line.item, line.days) for line in made.lines.all()] == [(laptop, -3), (badge, -3)]
    assert BundleAnswer.objects.filter(line__bundle=made).count() == 2
    page = kim.get(reverse("bundles:index")).content.decode()
    assert "New laptop, Badge" in page
    assert kim.get(reverse("bundles:edit", args=[made.pk])).status_code == 200


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ([("wheels", "fixed", "4")], "its form has no question “wheels”"),
        ([("model", "fixed", "golden")], "“golden” is no answer to “model”"),
        ([("model", "fixed", "light"), ("model", "first", "light")], "told twice"),
    ],
)
def test_what_could_not_be_ordered_is_refused(kim, story, answers, text):
    answer = kim.post(reverse("bundles:add"), entered((story.shelf.laptop, answers)))

    assert answer.status_code == 200
    assert text in answer.content.decode()
    assert not Bundle.objects.filter(name="Starters").exists()


def test_the_common_questions_are_checked_with_the_item_that_asks_them(kim, story):
    bundle, badge = story.item.bundle, story.badge
    url = reverse("bundles:edit", args=[bundle.pk])
    wrong = [("holder", "common", "starts")]
    page = kim.post(url, entered((badge, wrong), date_question="name")).content.decode()
    assert "“name” is no common question of the kind “Date”" in page
    assert "“starts” is no common question of the same kind as “holder”" in page

    right = [("holder", "common", "name")]
    before = bundle.version
    answer = kim.post(url, entered((badge, right), date_question="starts"))
    assert answer.status_code == 302
    bundle.refresh_from_db()
    assert bundle.version == before + 1


def test_a_bundle_within_a_bundle_and_returns_without_a_rule_are_refused(kim, story):
    sent = entered((story.item, ()), takes_back="on", person_question="who")
    page = kim.post(reverse("bundles:add"), sent).content.decode()
    assert "“New colleague” is a bundle itself" in page
    assert "Add a rule without a class" in page
    page = kim.post(reverse("bundles:add"), entered((story.badge, ()), takes_back="on"))
    assert "Say which question asks who it is." in page.content.decode()
    orders.publish(
        story.shelf.cast,
        bundles.form_of(bundles.Question("paper", Kind.FILE, "Paper")),
        "Badge",
    )
    sent = entered((CatalogItem.objects.get(pk=story.badge.pk), [("paper", "fixed", "a.pdf")]))
    page = kim.post(reverse("bundles:add"), sent).content.decode()
    assert "a file has to be chosen by who orders" in page
    assert BundleLine.objects.filter(bundle__name="Starters").count() == 0


def test_others_do_not_compose(story, signed_in):
    for who in (story.shelf.cast.ann, story.shelf.cast.bo):
        assert signed_in(who).get(reverse("bundles:index")).status_code == 302
