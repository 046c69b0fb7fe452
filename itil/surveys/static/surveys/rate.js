// The link in the mail has chosen a face. It is kept as soon as a person is seen at the page:
// programs that open every link of a mail to look for harm would vote with all five.

const SIGNS = ["pointermove", "pointerdown", "keydown", "touchstart", "wheel"];
const form = document.querySelector("form[data-chosen]");

function keep({ target }) {
  for (const sign of SIGNS) removeEventListener(sign, keep);
  // A tap on a face says it better; that is kept by itself.
  if (target instanceof Element && target.closest(".faces, .scale, button")) return;
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

if (form) for (const sign of SIGNS) addEventListener(sign, keep, { passive: true });
