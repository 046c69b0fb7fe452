// Counts down how long a decision can still be taken back. Without this the time is in the words.

for (const row of document.querySelectorAll("[data-counts-at]")) {
  const ends = Date.parse(row.dataset.countsAt);
  const words = row.querySelector("[data-text-counting]");
  const timer = setInterval(tick, 250);
  tick();

  function tick() {
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left > 0) {
      words.textContent = words.dataset.textCounting.replace("%(seconds)s", left);
      return;
    }
    clearInterval(timer);
    // Whoever is on the button may still try; the server says what is true.
    if (!row.contains(document.activeElement)) row.querySelector("form").remove();
    words.textContent = words.dataset.textCounted;
  }
}
