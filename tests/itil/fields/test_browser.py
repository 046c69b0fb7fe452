"""The rules of a form in a real browser: the same as on the server (`fields/conditions.js`)."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, Phase, given, settings

from itil.fields.forms import AnswerForm
from tests.itil.fields import random_forms
from tests.itil.fields.forms import laptop

# Types as a person would, and says it afterwards; returns what is posted and what can be seen.
TYPE = """typed => {
  const root = document.querySelector("[data-answers]");
  for (const [name, value] of Object.entries(typed)) {
    for (const input of root.querySelectorAll(`[name="${name}"]`)) {
      if (["checkbox", "radio"].includes(input.type)) {
        input.checked = [value].flat().includes(input.value);
      } else if (input.type !== "file") {
        input.value = value;
      }
    }
  }
  root.querySelector("input, textarea, select").dispatchEvent(new Event("input", {bubbles: true}));
}"""
SEEN = """() => {
  const seen = (name) => [...document.querySelectorAll(`[data-${name}]`)]
    .filter((element) => !element.closest("[hidden]"));
  const note = ":scope > legend [data-optional], :scope > label [data-optional]";
  const form = document.querySelector("form");
  return {
    sections: seen("section").map((one) => one.dataset.section),
    shown: seen("question").map((one) => one.dataset.question),
    required: seen("question")
      .filter((one) => one.querySelector(note).hidden)
      .map((one) => one.dataset.question),
    posted: [...new FormData(form)].filter(([, value]) => typeof value === "string"),
    total: document.querySelector("[data-price-total]").textContent,
  };
}"""


@pytest.fixture(scope="module")
def page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def names(form: AnswerForm, typed: dict) -> dict:
    """What was typed by the names of the inputs."""
    found = {}
    for key, value in typed.items():
        name = form.name_of(key)
        kind = form.definition.questions[key].kind
        if kind.endswith("_span"):
            found |= {f"{name}_0": value[0], f"{name}_1": value[1]}
        elif kind == "file":
            found[f"{name}-kept"] = value
        else:
            found[name] = value
    return found


def open_form(page, form: AnswerForm) -> None:
    """Show the form alone, with its script."""
    script = Path(finders.find("fields/conditions.js")).read_text(encoding="utf-8")
    fields = render_to_string("itil/fields/_form.html", {"form": form})
    prices = render_to_string("itil/fields/_price.html", {"form": form})
    page.set_content(
        f"<!doctype html><html><body><form>{fields}</form>{prices}"
        f'<script type="module">{script}</script></body></html>'
    )


def agree(page, definition, kept: dict) -> None:
    """What is seen is what the server makes of what would be sent."""
    seen = page.evaluate(SEEN)
    posted = MultiValueDict()
    for name, value in seen["posted"]:
        posted.appendlist(name, value)
    server = AnswerForm(definition, posted, {}, initial=kept)
    assert set(seen["sections"]) == server.standing.sections
    assert set(seen["shown"]) == server.standing.shown
    assert set(seen["required"]) == server.standing.required
    assert seen["total"] == f"€{server.price:,.2f}"


@pytest.mark.browser
@settings(
    max_examples=70,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # To make a failing form smaller would load thousands of pages.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(case=random_forms.forms_with_two_fillings())
def test_browser_and_server_agree_on_random_forms_and_answers(page, case):
    definition, first, second = case
    kept = {key: ["a.txt"] for key, q in definition.questions.items() if q.kind == "file"}
    form = AnswerForm(definition, initial=first | kept)
    open_form(page, form)
    agree(page, definition, kept)
    page.evaluate(TYPE, names(form, second))
    agree(page, definition, kept)


@pytest.mark.browser
def test_a_question_opens_under_its_option_and_is_sent_only_while_it_is_asked(page):
    open_form(page, AnswerForm(laptop()))
    tag = page.get_by_label("Asset tag")
    assert not tag.is_visible()
    page.get_by_label("Mine needs replacing").check()
    tag.fill("HAL-20417")
    page.get_by_label("I am new").check()
    assert not tag.is_visible()
    assert "q-tag" not in dict(page.evaluate(SEEN)["posted"])
    page.get_by_label("Mine needs replacing").check()
    assert tag.input_value() == "HAL-20417"
