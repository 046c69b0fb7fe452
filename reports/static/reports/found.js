// Long lists of boxes are searched by what is typed. Without this file all of them are shown.

function begin(list) {
  const typed = list.querySelector("input[type=search]");
  // It was begun before.
  if (!typed.parentElement.hidden) return;
  const status = list.querySelector("[data-chosen]");
  const labels = [...list.querySelectorAll("label")];

  // What is chosen stays in sight, whatever is typed.
  function show() {
    const words = typed.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const label of labels) {
      const text = label.textContent.toLocaleLowerCase();
      const isChosen = label.querySelector("input").checked;
      label.hidden = !isChosen && !words.every((word) => text.includes(word));
    }
    const chosen = labels.filter((label) => label.querySelector("input").checked).length;
    status.textContent = status.dataset.chosen.replace("%d", chosen);
  }

  typed.addEventListener("input", show);
  typed.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.addEventListener("change", show);
  typed.parentElement.hidden = false;
  show();
}

for (const list of document.querySelectorAll("[data-found]")) begin(list);
// A form that came after the page.
document.addEventListener("htmx:load", (event) => {
  for (const list of event.target.querySelectorAll("[data-found]")) begin(list);
});
