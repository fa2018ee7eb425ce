// One frame's picture with what human and policy did drawn into it. Knows nothing of tubs: it is told how to fetch.

const KEPT = 300; // decoded pictures: 23 MB at 160x120
const AHEAD = 6;
const NEAR = 64; // frames: a step at the highest speed

export class Player {
  // fetcher(place) → promise of a Blob; it rejects with why there is no picture
  constructor(canvas, veil, fetcher) {
    Object.assign(this, { canvas, veil, fetcher, kept: new Map(), wanted: -1, looksAhead: true });
  }

  forget() {
    this.kept.clear();
  }

  // Draw a frame, or nothing when another one is wanted meanwhile. actions: [[steering, throttle, colour], …]
  async show(place, actions, step = 1, n = Infinity) {
    const isNear = Math.abs(place - this.wanted) <= NEAR; // who jumps about does not go on from there
    this.wanted = place;
    const picture = await this.picture(place);
    if (this.wanted !== place) return false;
    this.veil.hidden = picture instanceof ImageBitmap;
    if (this.veil.hidden) this.draw(picture, actions);
    else this.veil.textContent = picture.message;
    for (let ahead = 1; ahead <= (this.looksAhead && isNear ? AHEAD : 0); ahead += 1) {
      const next = place + ahead * step;
      if (next >= 0 && next < n) this.picture(next);
    }
    return true;
  }

  picture(place) {
    if (!this.kept.has(place)) {
      this.kept.set(place, this.fetcher(place).then(createImageBitmap).catch((error) => error));
      if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    }
    return this.kept.get(place);
  }

  draw(picture, actions) {
    const { canvas } = this;
    const scale = Math.max(1, Math.round(640 / picture.width)); // lines finer than the picture's pixels
    Object.assign(canvas, { width: picture.width * scale, height: picture.height * scale });
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    pen.lineWidth = 3 * scale ** 0.5;
    for (const [steering, throttle, colour] of actions) {
      const angle = (steering * Math.PI) / 4; // full lock is 45 degrees, as donkeycar draws it
      const length = Math.max(0.08, Math.abs(throttle)) * canvas.height * 0.8;
      const [x, y] = [canvas.width / 2, canvas.height];
      pen.strokeStyle = colour;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + Math.sin(angle) * length, y - Math.cos(angle) * length);
      pen.stroke();
    }
  }
}
