// Joins the parts of the drive page: what the server says onto the page, what hands and buttons say to the server.

import { Link } from "./link.js";
import { Keys, Stick, Tilt, together } from "./hands.js";
import { Pad } from "./pad.js";
import { Strip } from "./strip.js";

const SPEAK_MS = 33; // the server takes a hand for lost after 200 ms
const WINDOW = 600; // measurements kept: 10 s at 60 pictures/s
const STALE_MS = 700; // no picture for so long: the page says so
const MODES = ["manual", "assisted", "autonomous"];
const WHO = { human: "human drives", policy: "policy drives", assisted: "policy steers, human gives throttle", correction: "human corrects", nobody: "nobody drives" };

const wait = setInterval(() => {
  if (!document.getElementById("drive")) return; // NiceGUI mounts the page after this module has run
  clearInterval(wait);
  start();
}, 20);

function start() {
  const $ = (id) => document.getElementById(id);
  const says = { state: {}, lastPictureMs: 0, pictures: 0, number: 0, handNumber: 0 };
  const stats = { age_ms: [], trip_ms: [], drawn: 0 };
  const sentMs = new Map();
  const keep = (list, value) => {
    list.push(value);
    if (list.length > WINDOW) list.shift();
  };
  const middle = (list) => (list.length ? [...list].sort((a, b) => a - b)[list.length >> 1].toFixed(0) : "–");

  const ask = (name, value = null) => link.send({ do: name, value });
  const change = (value) => ask("change", value);
  const toggleRecord = () => record(says.state.recording?.when === "off" ? "on" : "off");
  const record = (when) => ask("record", { when, tub: $("tub").value });
  const nextMode = () => change({ mode: MODES[(MODES.indexOf(says.state.controls?.mode) + 1) % MODES.length] });
  const erase = () => ask("erase", Number($("erase-s").value));
  const acts = { stop: () => ask("stop"), record: toggleRecord, erase, mode: nextMode };

  const keys = new Keys((code) => {
    const act = { Space: "stop", KeyR: "record", KeyE: "erase", KeyM: "mode" }[code];
    if (code === "Enter" && document.activeElement?.matches("#drive input[type=radio], #drive input[type=checkbox]")) document.activeElement.click();
    if (!act) return false;
    acts[act]();
    return true;
  }, speak);
  const stick = new Stick($("stick"), $("knob"), speak);
  const tilt = new Tilt();
  const pad = new Pad((name) => acts[name](), (text, canMap) => {
    $("pad-says").textContent = text;
    $("pad-map").hidden = !canMap;
  });
  const strip = new Strip($("strip"));
  const pen = $("picture").getContext("2d");

  const link = new Link("/drive/socket", {
    up: () => ($("veil").textContent = ""),
    down: (failures) => {
      $("veil").textContent = "The server does not answer, and without it the car stops. Connecting again …";
      if (failures % 5 === 0) fetch(location.pathname, { method: "HEAD" }).then((answer) => answer.status === 401 && location.reload(), () => {});
    },
    state: show,
    offers,
    refused: (text) => {
      alertWith(text);
      show(says.state); // controls go back to what holds
    },
    picture,
  });

  let spokenMs = performance.now();
  setInterval(speak, SPEAK_MS);
  setInterval(look, 250);
  addEventListener("pagehide", letGo);
  document.addEventListener("visibilitychange", () => document.hidden && letGo());

  function speak() {
    const nowMs = performance.now();
    const hand = together(pad.now(), stick.now(), keys.now((nowMs - spokenMs) / 1000), tilt);
    spokenMs = nowMs;
    if (document.hidden || !says.state.is_driver) return;
    says.handNumber += 1;
    sentMs.set(says.handNumber, nowMs);
    if (sentMs.size > WINDOW) sentMs.delete(sentMs.keys().next().value);
    link.send({ hand: { steering: hand.steering, throttle: hand.throttle, touching: hand.touching, number: says.handNumber }, seen: says.number });
  }

  function letGo() {
    keys.held.clear();
    stick.letGo();
    if (says.state.is_driver) link.send({ hand: null });
  }

  async function picture(header, jpeg) {
    const bitmap = await createImageBitmap(jpeg);
    if ($("picture").width !== bitmap.width || $("picture").height !== bitmap.height) Object.assign($("picture"), { width: bitmap.width, height: bitmap.height });
    pen.drawImage(bitmap, 0, 0);
    bitmap.close();
    says.number = header.number;
    if (!document.hidden) link.send({ seen: header.number });
    says.lastPictureMs = performance.now();
    stats.drawn += 1;
    keep(stats.age_ms, link.ageOf(header.taken_ms));
    if (sentMs.has(header.answers)) {
      keep(stats.trip_ms, performance.now() - sentMs.get(header.answers));
      for (const number of sentMs.keys()) if (number <= header.answers) sentMs.delete(number);
    }
    says.header = header;
    strip.add(header.human[0], header.policy ? header.policy[0] : null, header.source);
    bars(header.action);
  }

  function bars([steering, throttle]) {
    const line = (from, value) => [`${50 + Math.min(0, from * value) * 50}%`, `${Math.abs(value) * 50}%`];
    const [left, width] = line(1, steering);
    Object.assign($("bar-steering").style, { left, width });
    const [bottom, height] = line(1, throttle);
    Object.assign($("bar-throttle").style, { bottom, height });
  }

  // What changes all the time: looked at four times a second, which is as fast as people read.
  function look() {
    const { header } = says;
    const isFresh = performance.now() - says.lastPictureMs < STALE_MS;
    if (link.isUp) $("veil").textContent = isFresh ? "" : { idle: "Choose a place and press Start.", starting: "starting …", driving: "no picture comes", ended: "The drive has ended." }[says.state.phase] ?? "";
    $("rate").textContent = isFresh ? rate().toFixed(0) : "–";
    $("age").textContent = isFresh ? middle(stats.age_ms.slice(-60)) : "–";
    $("trip").textContent = isFresh && says.state.is_driver ? middle(stats.trip_ms.slice(-60)) : "–";
    if (!header) return;
    $("who").textContent = isFresh ? WHO[header.source] : WHO.nobody;
    $("stood").textContent = says.state.stood_after_ms === null ? "" : `driver lost: stood after ${says.state.stood_after_ms.toFixed(0)} ms`;
    $("recorded").textContent = header.recorded;
    const { speed_mps, lap, cross_track_error_m: off } = header.told;
    $("told").textContent = [Number.isFinite(speed_mps) && `${speed_mps.toFixed(1).replace(/^-0\.0$/, "0.0")} m/s`, lap !== undefined && `lap ${lap}`, off !== undefined && `${Math.abs(off).toFixed(2)} m off the line`].filter(Boolean).join(" · ");
    strip.draw();
  }

  const counted = [];
  function rate() {
    counted.push([performance.now(), says.number]);
    if (counted.length > 8) counted.shift();
    const [[fromMs, from], [toMs, to]] = [counted[0], counted.at(-1)];
    return toMs > fromMs ? ((to - from) * 1000) / (toMs - fromMs) : 0;
  }

  function show(state) {
    says.state = state;
    const { controls, recording } = state;
    document.querySelectorAll("#drive [data-driver]").forEach((part) => (part.disabled = !state.is_driver));
    document.querySelector(`#drive [name=mode][value=${controls.mode}]`).checked = true;
    document.querySelector(`#drive [name=record][value=${recording.when}]`).checked = true;
    $("go").hidden = !(controls.is_stopped && state.is_driver);
    $("take").hidden = !state.is_free;
    $("give").hidden = !state.is_driver || state.viewers < 2;
    $("seat").textContent = `${controls.is_stopped ? "STOPPED. " : ""}${state.is_driver ? (state.phase === "driving" ? "You drive" : "The wheel is yours") : state.is_free ? "The wheel is free" : "You watch"}${state.viewers > 1 ? `, ${state.viewers - 1} more here` : ""}.`;
    $("phase").textContent = state.phase;
    $("start").textContent = state.phase === "driving" ? "Start again" : "Start";
    $("policy").value = state.policy;
    if (document.activeElement !== $("throttle-max")) $("throttle-max").value = controls.throttle_max;
    if (document.activeElement !== $("throttle-scale")) $("throttle-scale").value = controls.throttle_scale;
    $("throttle-max-says").textContent = `${Math.round(controls.throttle_max * 100)} %`;
    $("throttle-scale-says").textContent = controls.throttle_scale;
    $("constant").checked = controls.is_constant_throttle;
    if (state.phase !== "idle" && document.activeElement !== $("environment")) $("environment").value = state.environment;
    if (recording.tub && document.activeElement !== $("tub")) $("tub").value = recording.tub;
    $("recording-says").textContent = recording.failure ? `· stopped: ${recording.failure.filter(Boolean).join("; ")}` : recording.dropped ? `· ${recording.dropped} lost: the disk is too slow` : "";
    behaviors();
    if (state.message) alertWith(state.message.filter(Boolean).join("\n"));
  }

  function behaviors() {
    const typed = $("behavior-names").value.split(",").map((name) => name.trim()).filter(Boolean);
    const names = [...new Set([...says.state.behaviors, ...typed])];
    const chosen = says.state.controls.behavior;
    $("behaviors").replaceChildren(...names.map((name) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      button.setAttribute("aria-pressed", name === chosen);
      button.onclick = () => ask("behavior", name === chosen ? "" : name);
      return button;
    }));
  }

  function offers({ policies, tubs }) {
    const option = (name) => Object.assign(document.createElement("option"), { value: name, textContent: name });
    $("policy").replaceChildren(Object.assign(option(""), { textContent: "none" }), option("expert"), ...policies.map(option));
    $("policy").value = says.state.policy ?? "";
    $("tubs").replaceChildren(...tubs.map(option));
  }

  function alertWith(text) {
    $("alert").textContent = text;
    $("alert").parentElement.hidden = !text;
  }

  // Space always stops and arrows always drive, so a mouse or finger leaves no button behind that would take those keys;
  // who goes by the keyboard presses Enter.
  addEventListener("pointerup", () => setTimeout(() => document.activeElement?.matches("#drive button, #drive input:not([type=text], [type=number], [list], [placeholder])") && document.activeElement.blur()));

  const on = (id, kind, act) => $(id).addEventListener(kind, act);
  on("start", "click", () => {
    alertWith("");
    ask("start", { environment: $("environment").value, rate_hz: Number($("rate-hz").value) });
  });
  on("end", "click", () => ask("end"));
  on("stop", "click", () => ask("stop"));
  on("go", "click", () => ask("go"));
  on("take", "click", () => ask("take"));
  on("give", "click", () => ask("give"));
  on("erase", "click", erase);
  on("policy", "change", () => ask("policy", $("policy").value));
  on("behavior-names", "change", behaviors);
  on("throttle-max", "input", () => change({ throttle_max: Number($("throttle-max").value) }));
  on("throttle-scale", "input", () => change({ throttle_scale: Number($("throttle-scale").value) }));
  on("constant", "change", () => change({ is_constant_throttle: $("constant").checked }));
  on("pad-map", "click", () => pad.startWizard());
  on("tilt", "change", async () => {
    $("tilt-says").textContent = $("tilt").checked ? await tilt.turnOn() : (tilt.turnOff(), "");
    if ($("tilt-says").textContent) $("tilt").checked = false;
  });
  on("close-alert", "click", () => (alertWith(""), ask("close message")));
  document.querySelectorAll("#drive [name=mode]").forEach((radio) => radio.addEventListener("change", () => change({ mode: radio.value })));
  document.querySelectorAll("#drive [name=record]").forEach((radio) => radio.addEventListener("change", () => record(radio.value)));

  globalThis.copycarDrive = { stats, says, link }; // for measurements and tests
}
