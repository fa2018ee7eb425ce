// Gamepads through the browser's Gamepad API, and the mapping of those that it does not know. Knows nothing of cars.

const DEAD = 0.1; // of a stick at rest; a quarter of it is what worn pads show
const MOVED = 0.5; // how far an axis must go to be meant
// W3C Gamepad, standard mapping: left stick steers, right stick or the triggers give throttle. Buttons as donkeycar's PS4 map.
const STANDARD = { steering: { axis: 0, sign: 1 }, throttle: { axis: 3, sign: -1 }, forward: 7, backward: 6, buttons: { stop: 0, record: 1, erase: 3, mode: 8 } };
const STEPS = [
  ["steering", "Push the steering fully to the right."],
  ["throttle", "Push the throttle fully forward."],
  ["stop", "Press the button for the emergency stop."],
  ["record", "Press the button for recording."],
];

const key = (pad) => `copycar-pad:${pad.id}`;
const beyondDead = (value) => (Math.abs(value) < DEAD ? 0 : value);

export class Pad {
  // onButton(name): a mapped button went down; onSays(text, canMap): what to show
  constructor(onButton, onSays) {
    Object.assign(this, { onButton, onSays, pressed: new Set(), wizard: null, known: "" });
  }

  // Returns what the pad says; null where there is none or none that is mapped.
  now() {
    const pad = [...(navigator.getGamepads?.() ?? [])].find((one) => one?.connected !== false && one);
    if (!pad) {
      if (this.known) this.onSays("No gamepad: press a button on it.", false);
      this.known = "";
      this.wizard = null;
      return null;
    }
    if (this.wizard) this.learn(pad);
    const map = this.mapOf(pad);
    if (this.known !== pad.id && !this.wizard) {
      this.known = pad.id;
      this.onSays(map ? `Gamepad: ${pad.id}` : `Unknown gamepad: ${pad.id}`, true);
    }
    return map && !this.wizard ? this.read(pad, map) : null;
  }

  mapOf(pad) {
    const kept = localStorage.getItem(key(pad));
    return kept ? JSON.parse(kept) : pad.mapping === "standard" ? STANDARD : null;
  }

  read(pad, map) {
    for (const [name, button] of Object.entries(map.buttons)) {
      const isDown = Boolean(pad.buttons[button]?.pressed);
      if (isDown && !this.pressed.has(name)) this.onButton(name);
      this.pressed[isDown ? "add" : "delete"](name);
    }
    const axis = ({ axis, sign }) => beyondDead((pad.axes[axis] ?? 0) * sign);
    const triggers = (pad.buttons[map.forward]?.value ?? 0) - (pad.buttons[map.backward]?.value ?? 0);
    const steering = axis(map.steering);
    const throttle = axis(map.throttle) || beyondDead(triggers);
    return { steering, throttle, touching: steering !== 0 || throttle !== 0 };
  }

  startWizard() {
    this.wizard = { step: 0, map: { buttons: {} }, rest: null, waits: false };
    this.onSays(STEPS[0][1], false);
  }

  learn(pad) {
    const wizard = this.wizard;
    wizard.rest ??= { axes: [...pad.axes], buttons: pad.buttons.map((button) => button.pressed) };
    const away = pad.axes.map((value, place) => value - wizard.rest.axes[place]);
    const button = pad.buttons.findIndex((one, place) => one.pressed && !wizard.rest.buttons[place]);
    const farthest = away.reduce((best, value, place) => (Math.abs(value) > Math.abs(away[best]) ? place : best), 0);
    if (wizard.waits) {
      wizard.waits = button >= 0 || Math.abs(away[farthest] ?? 0) > MOVED;
      return;
    }
    const [name] = STEPS[wizard.step];
    const isAxis = name === "steering" || name === "throttle";
    if (isAxis && Math.abs(away[farthest] ?? 0) > MOVED) wizard.map[name] = { axis: farthest, sign: Math.sign(away[farthest]) };
    else if (!isAxis && button >= 0) wizard.map.buttons[name] = button;
    else return;
    wizard.step += 1;
    wizard.waits = true;
    if (wizard.step < STEPS.length) {
      this.onSays(STEPS[wizard.step][1], false);
      return;
    }
    localStorage.setItem(key(pad), JSON.stringify(wizard.map));
    this.wizard = null;
    this.known = "";
  }
}
