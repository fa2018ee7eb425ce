// The chart of a whole tub: steering, throttle, what is deleted, found and selected. Knows nothing of pictures.
// Places count every frame, deleted or not. However many there are, a drawing looks at each number once.

const DRAG_PX = 4;
const FEWEST = 20; // frames across the chart at most zoom

export class Timeline {
  // on: { seek(place), select(from, to) } with to behind the last one
  constructor(canvas, on) {
    Object.assign(this, { canvas, on, data: null, at: 0, from: 0, to: 0, selection: null, drag: null });
    this.layer = document.createElement("canvas");
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.release(event));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  // data: { steering, throttle, deleted, found, policy } of equal lengths; the last two may be null
  show(data) {
    const isOther = data.steering.length !== this.data?.steering.length;
    this.data = data;
    if (isOther) this.view(0, data.steering.length);
    else this.draw();
  }

  view(from, to) {
    const n = this.data.steering.length;
    const span = Math.min(n, Math.max(FEWEST, to - from));
    this.from = Math.max(0, Math.min(n - span, from));
    this.to = this.from + span;
    this.draw();
  }

  select(from, to) {
    this.selection = from === null ? null : [Math.max(0, Math.min(from, to)), Math.min(this.data.steering.length, Math.max(from, to))];
    this.cursor();
  }

  seek(place) {
    this.at = place;
    if (place < this.from || place >= this.to) {
      const span = this.to - this.from;
      this.view(Math.round(place - span / 2), Math.round(place + span / 2));
    } else this.cursor();
  }

  x = (place) => ((place - this.from) / (this.to - this.from)) * this.canvas.width;
  place = (event) => {
    const box = this.canvas.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return Math.min(this.data.steering.length - 1, Math.floor(this.from + share * (this.to - this.from)));
  };

  press(event) {
    if (!this.data || event.button) return;
    this.drag = { x: event.clientX, from: this.place(event), isSelecting: false };
    this.canvas.setPointerCapture(event.pointerId);
    this.on.seek(this.drag.from);
  }

  move(event) {
    if (!this.drag) return;
    this.drag.isSelecting ||= Math.abs(event.clientX - this.drag.x) > DRAG_PX;
    if (!this.drag.isSelecting) return;
    const here = this.place(event);
    this.select(Math.min(this.drag.from, here), Math.max(this.drag.from, here) + 1);
    this.on.seek(here);
  }

  release() {
    if (this.drag?.isSelecting) this.on.select(...this.selection);
    this.drag = null;
  }

  wheel(event) {
    if (!this.data) return;
    event.preventDefault();
    const centre = this.place(event);
    const factor = event.deltaY > 0 ? 1.25 : 0.8;
    this.view(Math.round(centre - (centre - this.from) * factor), Math.round(centre + (this.to - centre) * factor));
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    const [width, height] = [Math.round(box.width * devicePixelRatio), Math.round(box.height * devicePixelRatio)];
    if (!width || (this.canvas.width === width && this.canvas.height === height)) return;
    Object.assign(this.canvas, { width, height });
    this.draw();
  }

  colour = (name) => getComputedStyle(this.canvas).getPropertyValue(name).trim();

  draw() {
    if (!this.data) return;
    Object.assign(this.layer, { width: this.canvas.width, height: this.canvas.height });
    const pen = this.layer.getContext("2d");
    const { steering, throttle, deleted, found, policy } = this.data;
    this.runs(pen, deleted, this.colour("--bad") + "40");
    if (found) this.runs(pen, found, "#e08a0055");
    pen.strokeStyle = this.colour("--line");
    pen.strokeRect(0, this.canvas.height / 2, this.canvas.width, 0);
    this.curve(pen, throttle, this.colour("--gas"));
    if (policy) this.curve(pen, policy, this.colour("--policy"));
    this.curve(pen, steering, this.colour("--human"));
    this.cursor();
  }

  // Smallest to largest value of every pixel's frames: nothing that sticks out is lost.
  curve(pen, values, colour) {
    const { height, width } = this.canvas;
    const y = (value) => height / 2 - (value * (height - 6)) / 2;
    pen.strokeStyle = colour;
    pen.lineWidth = Math.max(1, devicePixelRatio);
    pen.beginPath();
    const step = (this.to - this.from) / width;
    let isGap = true;
    for (let column = 0, place = this.from; column < width; column += 1) {
      const end = Math.min(this.to, Math.max(place + 1, Math.floor(this.from + (column + 1) * step)));
      if (step < 1 && Math.floor(this.from + column * step) === Math.floor(this.from + (column - 1) * step)) continue;
      let [low, high] = [Infinity, -Infinity];
      for (let one = step < 1 ? Math.floor(this.from + column * step) : place; one < end; one += 1) {
        const value = values[one];
        if (value < low) low = value;
        if (value > high) high = value;
      }
      place = end;
      isGap ||= low === Infinity; // a deleted frame, about which no policy was asked
      if (low === Infinity) continue;
      pen[isGap ? "moveTo" : "lineTo"](column, y(low));
      isGap = false;
      pen.lineTo(column, y(high));
    }
    pen.stroke();
  }

  runs(pen, marks, colour) {
    pen.fillStyle = colour;
    for (let place = this.from; place < this.to; place += 1) {
      if (!marks[place]) continue;
      const start = place;
      while (place < this.to && marks[place]) place += 1;
      pen.fillRect(this.x(start), 0, Math.max(1, this.x(place) - this.x(start)), this.canvas.height);
    }
  }

  cursor() {
    if (!this.data) return;
    const pen = this.canvas.getContext("2d");
    const { width, height } = this.canvas;
    pen.clearRect(0, 0, width, height);
    pen.drawImage(this.layer, 0, 0);
    if (this.selection) {
      const [from, to] = this.selection.map(this.x);
      pen.fillStyle = this.colour("--human") + "30";
      pen.fillRect(from, 0, Math.max(2, to - from), height);
      pen.strokeStyle = this.colour("--human");
      pen.strokeRect(from, 1, Math.max(2, to - from), height - 2);
    }
    pen.fillStyle = this.colour("--ink");
    pen.fillRect(this.x(this.at + 0.5) - 1, 0, Math.max(2, devicePixelRatio), height);
    this.canvas.setAttribute("aria-valuenow", this.at);
    this.canvas.setAttribute("aria-valuemax", this.data.steering.length - 1);
  }
}
