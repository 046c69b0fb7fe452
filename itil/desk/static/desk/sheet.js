// Arrow keys and Enter move between the cells of the week sheet.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

document.querySelector(".sheet")?.addEventListener("keydown", (event) => {
  const field = event.target;
  const step = STEPS[event.key];
  if (!step || !field.matches("td.r input") || event.ctrlKey || event.metaKey || event.altKey) return;
  // Within a text the keys move the cursor, until it stands at the end they point to.
  const at = field.selectionStart;
  if (event.key === "ArrowLeft" && (at > 0 || field.selectionEnd > 0)) return;
  if (event.key === "ArrowRight" && at < field.value.length) return;
  const cell = field.closest("td");
  let row = cell.parentElement;
  let column = cell.cellIndex;
  let next = null;
  do {
    if (step[0]) row = step[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
    column += step[1];
    const found = row?.cells[column];
    if (!found) break;
    next = found.querySelector("input:not([type=hidden])");
    // Kilometers of a row that is no travel are not shown.
    if (next && !next.offsetParent) next = null;
  } while (!next);
  if (!next && event.key !== "Enter") return;
  if (next) {
    event.preventDefault();
    next.focus();
    next.select();
  }
});
