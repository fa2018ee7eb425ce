// What the driver's hands do: keys, the stick on the screen, the tilt of a phone. Knows nothing of cars and sockets.
// Every hand gives { steering, throttle, touching }, steering -1 … 1 with + to the right, throttle -1 … 1.

const TURN_PER_S = 4; // keys: a quarter of a second to full lock
const BACK_PER_S = 6;
const FULL_TILT_DEG = 35; // both as donkeycar's phone control has them
const TILT_DEAD_DEG = 5;

const STEER = { ArrowLeft: -1, KeyA: -1, ArrowRight: 1, KeyD: 1 };
const GAS = { ArrowUp: 1, KeyW: 1, ArrowDown: -1, KeyS: -1 };

const isTyping = (element) => element?.matches?.("input:not([type=radio],[type=checkbox]), select, textarea");
const clamp = (value) => Math.max(-1, Math.min(1, value));

export class Keys {
  // onKey(code): told of every other key; onChange(): when a driving key goes down or up
  constructor(onKey, onChange) {
    this.held = new Set();
    this.steering = 0;
    addEventListener("keydown", (event) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.code in STEER || event.code in GAS) {
        event.preventDefault();
        if (!this.held.has(event.code)) {
          this.held.add(event.code);
          onChange();
        }
      } else if (!event.repeat && onKey(event.code)) event.preventDefault();
    });
    addEventListener("keyup", (event) => this.held.delete(event.code) && onChange());
    addEventListener("blur", () => this.held.clear());
  }

  now(elapsedS) {
    const sum = (table) => clamp([...this.held].reduce((total, code) => total + (table[code] ?? 0), 0));
    const wanted = sum(STEER);
    const step = elapsedS * (wanted ? TURN_PER_S : BACK_PER_S);
    this.steering += Math.max(-step, Math.min(step, wanted - this.steering));
    return { steering: this.steering, throttle: sum(GAS), touching: this.held.size > 0 };
  }
}

export class Stick {
  constructor(area, knob, onChange) {
    Object.assign(this, { area, knob, steering: 0, throttle: 0, pointer: null });
    area.addEventListener("pointerdown", (event) => {
      this.pointer = event.pointerId;
      area.setPointerCapture(event.pointerId);
      this.move(event);
      onChange();
    });
    area.addEventListener("pointermove", (event) => event.pointerId === this.pointer && (this.move(event), onChange()));
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"])
      area.addEventListener(kind, (event) => event.pointerId === this.pointer && (this.letGo(), onChange()));
  }

  move(event) {
    const box = this.area.getBoundingClientRect();
    const reach = Math.min(box.width, box.height) / 2;
    this.steering = clamp((event.clientX - box.left - box.width / 2) / reach);
    this.throttle = clamp((box.top + box.height / 2 - event.clientY) / reach);
    this.knob.style.transform = `translate(${this.steering * reach * 0.8}px, ${-this.throttle * reach * 0.8}px)`;
  }

  letGo() {
    Object.assign(this, { steering: 0, throttle: 0, pointer: null });
    this.knob.style.transform = "";
  }

  now() {
    return { steering: this.steering, throttle: this.throttle, touching: this.pointer !== null };
  }
}

export class Tilt {
  constructor() {
    this.steering = null; // null: off
    this.listen = (event) => {
      if (event.gamma === null) return;
      const turned = screen.orientation?.angle ?? 0;
      const degrees = { 0: event.gamma, 90: event.beta, 180: -event.gamma, 270: -event.beta }[turned] ?? event.gamma;
      const beyond = Math.sign(degrees) * Math.max(0, Math.abs(degrees) - TILT_DEAD_DEG);
      this.steering = clamp(beyond / (FULL_TILT_DEG - TILT_DEAD_DEG));
    };
  }

  // Returns why it does not work; "" when it does.
  async turnOn() {
    if (!isSecureContext) return "Browsers give the tilt of a phone to HTTPS pages only: start it with --https.";
    const asks = globalThis.DeviceOrientationEvent?.requestPermission;
    if (asks && (await asks.call(DeviceOrientationEvent)) !== "granted") return "The browser did not allow it.";
    if (!globalThis.DeviceOrientationEvent) return "This device does not tell its tilt.";
    this.steering = 0;
    addEventListener("deviceorientation", this.listen);
    return "";
  }

  turnOff() {
    removeEventListener("deviceorientation", this.listen);
    this.steering = null;
  }
}

// The hand that counts: a touched one before one that rests; tilt steers for the stick.
export function together(pad, stick, keys, tilt) {
  const held = tilt.steering === null ? stick : { ...stick, steering: tilt.steering };
  return [pad, held, keys].find((hand) => hand?.touching) ?? (pad && (pad.steering || pad.throttle) ? pad : keys);
}
