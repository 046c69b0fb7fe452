// Draws the figures of the page. Without this file their tables are shown instead.

const figures = JSON.parse(document.getElementById("figures").textContent);
const root = document.documentElement;

// "@c1" is the color token --c1 of the theme that is on.
function themed(value, styles) {
  if (Array.isArray(value)) return value.map((item) => themed(item, styles));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, themed(item, styles)]));
  }
  if (typeof value === "string" && value.startsWith("@")) {
    return styles.getPropertyValue(`--${value.slice(1)}`).trim();
  }
  return value;
}

// How wide the widest line is of upright names that would touch each other below a chart: it is
// wider than the room that each has. 0 where all have their room.
const LINE = 14;
const pen = document.createElement("canvas").getContext("2d");
function crowded({ xaxis, margin, font }, width) {
  if (xaxis?.tickangle !== 0) return 0;
  pen.font = `${font.size}px ${font.family}`;
  const names = xaxis.tickvals ?? [];
  const widest = Math.max(...names.flatMap((name) => name.split("<br>")).map((line) => pen.measureText(line).width));
  const left = Math.max(margin.l, 40);
  return widest + 4 > (width - left - margin.r) / names.length ? widest : 0;
}

function draw() {
  const styles = getComputedStyle(root);
  for (const place of document.querySelectorAll("[data-figure]")) {
    if (place.hidden) continue;
    const figure = themed(figures[place.dataset.figure], styles);
    const widest = crowded(figure.layout, place.clientWidth);
    if (widest) {
      // They are turned then, and take their height from below the chart, not from it.
      figure.layout.xaxis.tickangle = 90;
      figure.layout.height += Math.max(0, widest - LINE);
    }
    Plotly.react(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  }
}

// A bar leads to the tickets it counts; the table has the same links for the keyboard. Where all
// points of a figure open the same page, they only say what it is asked beside its filters.
function follow(place) {
  const page = place.dataset.list;
  place.on("plotly_click", ({ points }) => {
    const address = points[0].customdata;
    if (address) window.location.assign(page ? `${page}&${address}` : address);
  });
}

function show(key, asTable) {
  document.getElementById(`p-${key}`).hidden = asTable;
  document.getElementById(`t-${key}`).hidden = !asTable;
  document.querySelector(`[data-table-of="${key}"]`).setAttribute("aria-pressed", String(asTable));
}

for (const button of document.querySelectorAll("[data-table-of]")) {
  const key = button.dataset.tableOf;
  button.hidden = false;
  show(key, false);
  button.addEventListener("click", () => {
    show(key, button.getAttribute("aria-pressed") !== "true");
    draw();
  });
}
draw();
document.querySelectorAll("[data-figure]").forEach(follow);
new MutationObserver(draw).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
