// The strip chart: what human and policy steered in the last seconds. Knows nothing of where it comes from.

const SHOWN_S = 10;

export class Strip {
  constructor(canvas) {
    this.canvas = canvas;
    this.ticks = []; // { at, human, policy, source }
  }

  add(human, policy, source) {
    const at = performance.now();
    this.ticks.push({ at, human, policy, source });
    while (this.ticks[0].at < at - SHOWN_S * 1000) this.ticks.shift();
  }

  draw() {
    const { canvas } = this;
    const pen = canvas.getContext("2d");
    const [width, height] = [canvas.width, canvas.height];
    const colours = getComputedStyle(document.body);
    const colour = (name) => colours.getPropertyValue(name).trim();
    const now = performance.now();
    const x = (at) => width * (1 - (now - at) / (SHOWN_S * 1000));
    const y = (value) => height / 2 - (value * (height - 8)) / 2;
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = colour("--human") + "33";
    this.ticks.forEach((tick, place) => {
      const [from, to] = [tick.at, this.ticks[place + 1]?.at ?? now].map((at) => Math.round(x(at)));
      if (tick.source === "correction") pen.fillRect(from, 0, to - from, height);
    });
    pen.strokeStyle = colour("--line");
    pen.strokeRect(0, height / 2, width, 0);
    pen.lineWidth = 2;
    for (const [name, dash] of [["human", []], ["policy", [6, 4]]]) {
      pen.strokeStyle = colour(`--${name}`);
      pen.setLineDash(dash);
      pen.beginPath();
      for (const tick of this.ticks) if (tick[name] !== null) pen.lineTo(x(tick.at), y(tick[name]));
      pen.stroke();
    }
    pen.setLineDash([]);
  }
}
