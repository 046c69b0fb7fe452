// Tiles are dragged to their place; the buttons beside them do the same.

const list = document.querySelector("[data-arrange]");
const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
let dragged = null;

async function place(item) {
  const to = [...list.children].indexOf(item) + 1;
  const body = new URLSearchParams({ to, csrfmiddlewaretoken: token });
  await fetch(item.dataset.move, { method: "POST", body, redirect: "manual" });
  window.location.reload();
}

for (const item of list?.children ?? []) {
  item.draggable = true;
  item.addEventListener("dragstart", () => { dragged = item; });
  item.addEventListener("dragover", (event) => {
    if (!dragged || dragged === item) return;
    event.preventDefault();
    const { top, height } = item.getBoundingClientRect();
    item[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  item.addEventListener("drop", (event) => event.preventDefault());
  item.addEventListener("dragend", () => {
    if (dragged) place(dragged);
    dragged = null;
  });
}
