// Moves the ghosts of a race along their lines, by a slider or by itself. Knows nothing of who drove.

const place = (places, at) => {
  const k = Math.min(Math.floor(at), places.length - 1);
  const [from, to] = [places[k], places[Math.min(k + 1, places.length - 1)]];
  if (!from || !to) return from;
  const share = Math.min(at - k, 1);
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
};

const start = (box) => {
  const { step_s, places } = JSON.parse(box.dataset.ghosts);
  const discs = box.querySelectorAll("circle.ghost");
  const [slider, play, said] = [box.querySelector("input"), box.querySelector("button"), box.querySelector("output")];
  let begun = null;

  const show = () => {
    const seconds = Number(slider.value);
    said.textContent = `${seconds.toFixed(1)} s`;
    discs.forEach((disc, number) => {
      const at = place(places[number], seconds / step_s);
      disc.style.display = at ? "" : "none";
      if (at) disc.setAttribute("transform", `translate(${at[0]} ${-at[1]})`); // north is up
    });
  };
  const halt = () => {
    begun = null;
    play.textContent = "Play";
  };
  const tick = (now) => {
    if (begun === null || !box.isConnected) return;
    slider.value = (now - begun) / 1000;
    show();
    if (Number(slider.value) >= Number(slider.max)) halt();
    else requestAnimationFrame(tick);
  };

  slider.addEventListener("input", () => {
    halt();
    show();
  });
  play.addEventListener("click", () => {
    if (begun !== null) return halt();
    const from = Number(slider.value) >= Number(slider.max) ? 0 : Number(slider.value);
    begun = performance.now() - from * 1000;
    play.textContent = "Pause";
    requestAnimationFrame(tick);
  });
  show();
};

new MutationObserver(() => {
  for (const box of document.querySelectorAll(".arena-ghosts:not([data-started])")) {
    box.dataset.started = "yes";
    start(box);
  }
}).observe(document.body, { childList: true, subtree: true });
