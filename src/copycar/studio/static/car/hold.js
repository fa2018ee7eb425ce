// Tells the server ten times a second that a button is held down. Releasing it, or losing sight of the page, ends it.

const EVERY_MS = 100; // the car's hand counts as lost after 200 ms

let timer = null;

const release = () => {
  clearInterval(timer);
  timer = null;
};

const press = (button) => {
  release();
  const [steering, throttle] = button.dataset.hold.split(",").map(Number);
  const tell = () => emitEvent("car-hold", { steering, throttle });
  tell();
  timer = setInterval(tell, EVERY_MS);
};

const held = (event) => event.target.closest?.("[data-hold]");

addEventListener("pointerdown", (event) => {
  if (held(event)) press(held(event));
});
addEventListener("keydown", (event) => {
  if (held(event) && !event.repeat && (event.key === " " || event.key === "Enter")) press(held(event));
});
for (const end of ["pointerup", "pointercancel", "keyup", "blur", "pagehide"]) addEventListener(end, release);
document.addEventListener("visibilitychange", release);
