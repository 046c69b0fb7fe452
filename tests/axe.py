"""Looking at a page as people with different eyes and hands do: axe, narrow, dark, by keyboard."""

from functools import cache
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 AA.
EVERYTHING = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
# What alone can differ between the light and the dark page: the rest is the same document.
COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
WIDE, PHONE = 1440, 390
STATES = ((WIDE, "light", EVERYTHING), (WIDE, "dark", COLORS), (PHONE, "light", EVERYTHING))

FIND = """async (only) => {
  const found = await axe.run(document, {
    runOnly: only, resultTypes: ["violations"], preload: false, iframes: false,
  });
  return found.violations.map((one) => `${one.id} at ${one.nodes[0].target}`);
}"""
IS_WIDER = "document.documentElement.scrollWidth > innerWidth"
# A row of a list of which a narrow window shows no word.
HAS_EMPTY_ROW = """[...document.querySelectorAll("tbody tr")].some((row) =>
  row.checkVisibility() && row.textContent.trim() && !row.innerText.trim())"""


@cache
def program() -> str:
    return PROGRAM.read_text()


def complaints(page, path: str, states=STATES) -> list[str]:
    """What is wrong with the page at `path`, wide and narrow, light and dark. Loaded once: the
    window and the theme change in place.
    """
    page.goto(path)
    return complaints_here(page, path, states)


def complaints_here(page, name: str, states=STATES) -> list[str]:
    """The same of what the page shows now; afterwards it is wide and light."""
    page.evaluate(program())
    said = []
    for width, scheme, only in states:
        page.set_viewport_size({"width": width, "height": 900})
        # Colors change at once, so that none is caught on its way.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = page.evaluate(FIND, only)
        if page.evaluate(IS_WIDER):
            found.append("scrolls sideways")
        if page.evaluate(HAS_EMPTY_ROW):
            found.append("shows a row without a word")
        said += [f"{name} ({width}, {scheme}): {fault}" for fault in found]
    page.set_viewport_size({"width": WIDE, "height": 900})
    return said


# Everything the tab key should reach, in the order of the page; of radio buttons one for a group.
LISTEN = """() => {
  // The ring may be worn by the card that a link fills, or by the label of a button.
  const look = (element) => [element, element.parentElement, element.parentElement?.parentElement,
      element.nextElementSibling, element.closest("label")].filter(Boolean).map((one) => {
    const style = getComputedStyle(one);
    return [style.outlineStyle, style.outlineColor, style.boxShadow, style.borderColor,
            style.backgroundColor].join();
  }).join();
  const groups = new Set();
  const all = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]")].filter((one) => {
    if (one.disabled || one.tabIndex < 0 || one.type === "hidden") return false;
    if (one.closest("[inert]") || !one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== "radio") return true;
    const group = `${one.form?.action} ${one.name}`;
    if (groups.has(group)) return false;
    return groups.add(group);
  });
  const key = (one) => one.type === "radio"
    ? all.find((other) => other.type === "radio" && other.name === one.name) ?? one : one;
  window.walk = {all, look, met: new Map(), order: []};
  addEventListener("focusin", ({target}) => {
    walk.met.set(key(target), look(target));
    walk.order.push(target);
  }, true);
  // The parts of a date are stops of their own.
  return all.reduce((stops, one) => stops + (/date|time/.test(one.type) ? 7 : 1), 2);
}"""
JUDGE = """() => {
  document.activeElement?.blur();
  const name = (one) => `${one.localName} “${
    (one.ariaLabel || one.textContent || one.name || "").trim().slice(0, 40)}”`;
  const said = [];
  for (const one of walk.all) {
    if (!walk.met.has(one)) said.push(`${name(one)} is not reached`);
    else if (one.type !== "radio" && walk.met.get(one) === walk.look(one))
      said.push(`${name(one)} does not show that it has the focus`);
  }
  return said;
}"""


def keyboard_complaints(page, path: str) -> list[str]:
    """What the tab key does not reach, or reaches without a sign, or cannot leave."""
    page.goto(path)
    page.evaluate("document.activeElement?.blur()")
    for _press in range(page.evaluate(LISTEN)):
        page.keyboard.press("Tab")
    return [f"{path}: {fault}" for fault in page.evaluate(JUDGE)]
