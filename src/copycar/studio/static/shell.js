// Light or dark: what the visitor chose last, else what the system says. Knows nothing of pages.
const KEY = "copycar-dark";

const apply = () => {
  const chosen = localStorage.getItem(KEY);
  if (chosen !== null && globalThis.Quasar) Quasar.Dark.set(chosen === "1");
};

addEventListener("click", (event) => {
  if (!event.target.closest?.(".shell-contrast")) return;
  const dark = !document.body.classList.contains("body--dark");
  localStorage.setItem(KEY, dark ? "1" : "0");
  apply();
});

// NiceGUI sets its own choice when it mounts the page, which is after this module has run
const wait = setInterval(() => {
  if (!document.querySelector("main")) return;
  clearInterval(wait);
  apply();
}, 20);
