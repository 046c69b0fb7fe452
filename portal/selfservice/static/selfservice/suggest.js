// Suggestions while typing. Word by word input (Japanese, Chinese, Korean) is left alone until a
// word is finished, and nothing is asked for while there is too little to go by.

const CJK = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]/;

function saysEnough(text) {
  const words = text.trim();
  return words.length >= 2 || CJK.test(words);
}

document.addEventListener("compositionstart", ({ target }) => {
  if (target.matches("[data-suggest]")) target.dataset.composing = "";
});
document.addEventListener("compositionend", ({ target }) => {
  if (!target.matches("[data-suggest]")) return;
  delete target.dataset.composing;
  target.dispatchEvent(new Event("composed"));
});
document.body.addEventListener("htmx:beforeRequest", (event) => {
  const field = event.detail.elt;
  if (!field.matches("[data-suggest]")) return;
  if ("composing" in field.dataset || !saysEnough(field.value)) event.preventDefault();
  if (!field.value.trim()) event.detail.target.replaceChildren();
});
document.addEventListener("keydown", (event) => {
  const list = document.querySelector(".drop-down");
  if (event.key === "Escape" && list) list.replaceChildren();
});
