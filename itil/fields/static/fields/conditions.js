// Shows, hides and requires questions by the rules of the form, as itil/fields/definition/rules.py
// does. It is a comfort: the server decides, and without script every question is asked.

// What counts as blank at the ends of a text: the same signs as on the server.
const BLANKS = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const ENDS = new RegExp(`^${BLANKS}|${BLANKS}$`, "g");
const NUMBER = /^([+-]?)(\d{1,12})(?:\.(\d{1,6})|,(\d{1,2}))?$/;
const MONEY = /^([+-]?)(\d{1,12})(?:[.,](\d{1,2}))?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const DECIMALS = 6;

const trimmed = (text) => text.replace(ENDS, "");

// A number as a whole count of millionths, so that nothing is rounded; null when it is none.
function millionths(text, kind) {
  const found = (kind === "money" ? MONEY : NUMBER).exec(text);
  if (!found) return null;
  const [, sign, whole, ...parts] = found;
  const size = BigInt(whole + (parts.find(Boolean) ?? "").padEnd(DECIMALS, "0"));
  return sign === "-" ? -size : size;
}

function isDay(text) {
  if (!DAY.test(text) || text.startsWith("0000")) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

// The answer in what was typed; null when there is none or it cannot be read.
function read(question, typed) {
  const texts = typed.map(trimmed);
  if (!texts.some(Boolean)) return null;
  switch (question.kind) {
    case "number":
    case "money":
      return millionths(texts[0], question.kind);
    case "date":
      return isDay(texts[0]) ? texts[0] : null;
    case "date_span":
    case "time_span": {
      const isOne = question.kind === "date_span" ? isDay : (text) => TIME.test(text);
      return texts.every(isOne) ? texts : null;
    }
    case "choice":
    case "tree":
      return Object.hasOwn(question.options, texts[0]) ? texts[0] : null;
    case "choices": {
      const chosen = typed.filter((value) => Object.hasOwn(question.options, value));
      return chosen.length ? chosen : null;
    }
    case "file":
      return typed;
    default:
      return texts[0];
  }
}

function equals(question, answer, value) {
  if (question.kind === "tree") return question.options[answer].above.includes(value);
  if (question.kind === "text") return answer.toLowerCase() === value.toLowerCase();
  if (question.kind === "number" || question.kind === "money") return answer === read(question, [value]);
  return answer === value;
}

function passes(question, answer, test) {
  const value = test.value ?? "";
  switch (test.operator) {
    case "answered":
      return true;
    case "is":
      return equals(question, answer, value);
    case "is_not":
      return !equals(question, answer, value);
    case "contains":
      if (Array.isArray(answer)) return answer.includes(value);
      return answer.toLowerCase().includes(value.toLowerCase());
    default: {
      const other = read(question, [value]);
      if (other === null) return false;
      return test.operator === "more" ? answer > other : answer < other;
    }
  }
}

function holds(part, known) {
  if (part.parts) {
    const one = (below) => holds(below, known);
    return part.match === "all" ? part.parts.every(one) : part.parts.some(one);
  }
  const found = known.get(part.question);
  return found !== undefined && passes(found.question, found.answer, part);
}

const isAny = (conditions, effect, known) =>
  conditions.some((condition) => condition.effect === effect && holds(condition.group, known));

function isShown(conditions, known) {
  const waits = conditions.some((condition) => condition.effect === "show");
  return (!waits || isAny(conditions, "show", known)) && !isAny(conditions, "hide", known);
}

// What the rules say about what is typed: sections and questions that are shown, questions that
// need an answer, and the answers themselves. `typedIn` gives the texts of a question.
function standing(rules, typedIn) {
  const known = new Map();
  const sections = new Set();
  const shown = new Set();
  const required = new Set();
  for (const section of rules.sections) {
    if (!isShown(section.conditions, known)) continue;
    sections.add(section.key);
    for (const question of section.questions) {
      if (!isShown(question.conditions, known)) continue;
      shown.add(question.key);
      if (question.required || isAny(question.conditions, "require", known)) required.add(question.key);
      const answer = read(question, typedIn(question));
      if (answer !== null) known.set(question.key, { question, answer });
    }
  }
  return { sections, shown, required, known };
}

// --- The page --------------------------------------------------------------------------------

function inputsOf(root, question) {
  const names = [question.name, `${question.name}_0`, `${question.name}_1`, `${question.name}-kept`];
  return names.flatMap((name) => [...root.querySelectorAll(`[name="${CSS.escape(name)}"]`)]);
}

function typedTexts(inputs) {
  return inputs.flatMap((input) => {
    if (input.type === "file") return [...input.files].map((file) => file.name);
    if (input.type === "checkbox" || input.type === "radio") return input.checked ? [input.value] : [];
    return [input.value];
  });
}

function showPrices(rules, known, box) {
  const money = new Intl.NumberFormat(rules.language, { style: "currency", currency: rules.currency });
  let total = 0;
  const lines = [];
  for (const { question, answer } of known.values()) {
    if (question.kind !== "choice" && question.kind !== "choices") continue;
    for (const value of [answer].flat()) {
      const option = question.options[value];
      if (option.price === null) continue;
      total += Math.round(Number(option.price) * 100);
      lines.push([option.label, money.format(Number(option.price))]);
    }
  }
  for (const line of box.querySelectorAll("[data-price-line]")) line.remove();
  const last = box.querySelector("[data-price-total]");
  for (const texts of lines) {
    const line = document.createElement("div");
    line.dataset.priceLine = "";
    line.append(...["dt", "dd"].map((name, index) => Object.assign(document.createElement(name), { textContent: texts[index] })));
    last.parentElement.before(line);
  }
  last.textContent = money.format(total / 100);
}

function watch(root) {
  const rules = JSON.parse(document.getElementById(root.dataset.answers).textContent);
  const inputs = new Map();
  for (const section of rules.sections) {
    for (const question of section.questions) inputs.set(question.key, inputsOf(root, question));
  }
  const prices = document.querySelector(`[data-prices="${CSS.escape(root.dataset.answers)}"]`);
  let shownPrices = null;

  function apply() {
    const found = standing(rules, (question) => typedTexts(inputs.get(question.key)));
    for (const element of root.querySelectorAll("[data-section]")) {
      element.classList.remove("part-off");
      element.hidden = !found.sections.has(element.dataset.section);
    }
    for (const element of root.querySelectorAll("[data-question]")) {
      const key = element.dataset.question;
      element.classList.remove("ask-off");
      element.hidden = !found.shown.has(key);
      // What is not asked is not sent; what was typed stays in case it is asked again.
      for (const input of inputs.get(key)) input.disabled = element.hidden;
      const note = element.querySelector(":scope > legend [data-optional], :scope > label [data-optional]");
      if (note) note.hidden = found.required.has(key);
    }
    const chosen = JSON.stringify([...found.known].filter(([, { question }]) => question.kind.startsWith("choice")).map(([key, { answer }]) => [key, answer]));
    if (prices && chosen !== shownPrices) showPrices(rules, found.known, prices);
    shownPrices = chosen;
  }

  root.addEventListener("input", apply);
  root.addEventListener("change", apply);
  // A browser that comes back to the page fills in what was typed after the script has run.
  addEventListener("pageshow", apply);
  apply();
}

// A question that is answered elsewhere on the page follows what is typed there.
function mirror({ target: { name, type, checked, value } }) {
  if (!name || (type === "radio" && !checked)) return;
  for (const copy of document.querySelectorAll(`[data-mirror="${CSS.escape(name)}"]`)) {
    copy.value = type === "checkbox" && !checked ? "" : value;
    copy.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("change", mirror);
document.addEventListener("input", mirror);
document.querySelectorAll("[data-answers]").forEach(watch);
document.body.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelectorAll("[data-answers]").forEach(watch);
});
