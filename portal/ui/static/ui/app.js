// What a page does beyond links and forms. Everything here is a comfort: without it, all works.

const texts = document.body.dataset;

// --- Clocks: the time left on every element with data-due (seconds since 1970) -------------

const [DAYS, HOURS, MINUTES] = texts.textUnits.split("|");

function duration(seconds) {
  const total = Math.max(1, Math.floor(Math.abs(seconds) / 60));
  const parts = [
    [DAYS, Math.floor(total / 1440)],
    [HOURS, Math.floor((total % 1440) / 60)],
    [MINUTES, total % 60],
  ].filter(([, count]) => count);
  const first = parts[0][0];
  return parts
    .filter(([unit]) => first !== DAYS || unit !== MINUTES)
    .map(([unit, count]) => unit.replace("%(count)d", count))
    .join(" ");
}

function tick() {
  if (document.hidden) return;
  const now = Date.now() / 1000;
  for (const clock of document.querySelectorAll("[data-due]")) {
    const left = Number(clock.dataset.due) - now;
    const late = left <= 0;
    const text = late ? texts.textLate.replace("%(time)s", duration(left)) : duration(left);
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle("late", late);
    clock.classList.toggle("soon", !late && Boolean(clock.dataset.risk) && Number(clock.dataset.risk) <= now);
  }
}

setInterval(tick, 15000);
document.addEventListener("visibilitychange", tick);

// --- Messages -------------------------------------------------------------------------------

const TOAST_STAYS_MS = 8000;

function expire(toast) {
  if (toast.matches(".error, .warning")) return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
  setTimeout(leave, TOAST_STAYS_MS);
}

function toast(text, tone = "info") {
  const shelf = document.getElementById("toasts");
  if (!shelf) return;
  const box = document.createElement("div");
  box.className = `toast-x ${tone}`;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.toastClose = "";
  close.textContent = texts.textClose;
  box.append(words, close);
  shelf.replaceChildren(box);
  expire(box);
}

document.querySelectorAll(".toast-x").forEach(expire);
document.body.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));
document.body.addEventListener("htmx:sendError", () => toast(texts.textFailed, "error"));
document.body.addEventListener("htmx:responseError", () => toast(texts.textRefused, "error"));

// --- Clicks: messages, dialogs, open menus ----------------------------------------------------

document.addEventListener("click", (event) => {
  const target = event.target;
  target.closest("[data-toast-close]")?.closest(".toast-x").remove();
  const opener = target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  }
  target.closest("[data-dialog-close]")?.closest("dialog").close();
  for (const menu of document.querySelectorAll("details.acct[open], .filters details[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

// --- Keys -------------------------------------------------------------------------------------

// Who speaks to the computer, or shakes, turns single keys off on this device (WCAG 2.1.4).
const keysAreOff = () => localStorage.getItem("keys") === "off";

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = !keysAreOff();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
}

function isTyping(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.acct[open], .filters details[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysAreOff()) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted || !wanted.checkVisibility()) return;
  event.preventDefault();
  if (isTyping(wanted)) wanted.focus();
  else wanted.click();
});

// --- Forms: sent once, and errors read first ----------------------------------------------------

const SENT_AGAIN_MS = 10000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]")) return;
  if (Date.now() - Number(form.dataset.sentAt ?? 0) < SENT_AGAIN_MS) {
    event.preventDefault();
    return;
  }
  form.dataset.sentAt = Date.now();
  event.submitter?.setAttribute("data-waiting", "");
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent-at]")) delete form.dataset.sentAt;
  for (const button of document.querySelectorAll("[data-waiting]")) button.removeAttribute("data-waiting");
});

document.querySelector("[data-focus]")?.focus();
document.body.addEventListener("htmx:afterSettle", (event) => event.detail.elt.querySelector("[data-focus]")?.focus());
