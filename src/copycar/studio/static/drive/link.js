// The socket to the server: opens it again when it is lost, knows the server's clock. Knows nothing of driving.

const wallMs = () => performance.timeOrigin + performance.now();
const SAMPLES = 20; // of the clock; the quickest answer knows it best

export class Link {
  // on: { up(), down(failures), state(state), offers(offers), refused(text), picture(header, jpeg) → promise }
  constructor(path, on) {
    this.on = on;
    this.failures = 0;
    this.clock = [];
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    this.open();
    setInterval(() => this.send({ ping: wallMs() }), 1000);
  }

  open() {
    this.socket = new WebSocket(this.url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.failures = 0;
      this.clock = [];
      this.on.up();
      this.send({ ping: wallMs() });
    };
    this.socket.onmessage = (event) => this.hear(event.data);
    this.socket.onclose = () => {
      this.failures += 1;
      this.on.down(this.failures);
      setTimeout(() => this.open(), Math.min(3000, 300 * this.failures));
    };
  }

  get isUp() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(message) {
    if (this.isUp) this.socket.send(JSON.stringify(message));
  }

  // How old a moment of the server's clock is by now, in milliseconds.
  ageOf(serverMs) {
    if (!this.clock.length) return NaN;
    const best = this.clock.reduce((a, b) => (a.trip <= b.trip ? a : b));
    return wallMs() + best.ahead - serverMs;
  }

  async hear(data) {
    if (typeof data !== "string") {
      const length = new DataView(data).getUint32(0, true);
      const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
      await this.on.picture(header, new Blob([new Uint8Array(data, 4 + length)], { type: "image/jpeg" }));
      return;
    }
    const message = JSON.parse(data);
    if ("pong" in message) {
      const trip = wallMs() - message.pong;
      this.clock.push({ trip, ahead: message.server_ms - (message.pong + trip / 2) });
      if (this.clock.length > SAMPLES) this.clock.shift();
    }
    for (const kind of ["state", "offers", "refused"]) if (kind in message) this.on[kind](message[kind]);
  }
}
