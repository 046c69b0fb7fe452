// Loaded before the first paint: a page that leaves the theme to the device gets it here.
const device = matchMedia("(prefers-color-scheme: dark)");

function follow() {
  const root = document.documentElement;
  if (root.dataset.theme === "system") root.dataset.bsTheme = device.matches ? "dark" : "light";
}

follow();
device.addEventListener("change", follow);
