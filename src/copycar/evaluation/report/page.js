// Show one trial alone: a click on its number or row dims all others; a second click shows all again.
(() => {
  let picked = 0;
  const show = (trial) => {
    picked = trial === picked ? 0 : trial;
    document.body.classList.toggle("is-picking", picked > 0);
    document.querySelectorAll("[data-trial]").forEach((one) => {
      one.classList.toggle("is-picked", Number(one.dataset.trial) === picked);
    });
    document.querySelectorAll("[data-row]").forEach((row) => {
      row.classList.toggle("is-picked", Number(row.dataset.row) === picked);
    });
    document.querySelectorAll(".picked").forEach((note) => { note.hidden = picked === 0; });
  };
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-pick], [data-row], [data-trial]");
    if (!target) return;
    show(Number(target.dataset.pick ?? target.dataset.row ?? target.dataset.trial));
  });
})();
