// Joins the parts of the tubs page: a tub's columns, the chart, the picture, and what may be done to frames.

import { Player } from "./player.js";
import { columns, edited, picture, pictureAddress, post, read } from "./server.js";
import { Timeline } from "./timeline.js";

const LOOK_MS = 2000; // how often the page looks whether another program has changed the tub
const BINS = 21;
const HUMAN = "#4aa3ff"; // on the picture itself, whatever the page's colours
const POLICY = "#ff9d3c";

const wait = setInterval(() => {
  if (!document.getElementById("tubs-page")) return;
  clearInterval(wait);
  start();
}, 20);

function start() {
  const $ = (id) => document.getElementById(id);
  const stats = { seek_ms: [] };
  const at = { tub: "", place: 0, data: null, found: null, opinion: null, verdicts: [], verdict: -1, playing: 0 };
  const timeline = new Timeline($("timeline"), { seek, select });
  const player = new Player($("picture"), $("veil"), (place) => {
    const asked = { tub: at.tub, frame: at.data.numbers[place], version: at.data.version };
    return $("saliency").checked && $("policy").value ? picture("saliency", { ...asked, policy: $("policy").value }) : picture("picture", asked);
  });

  const say = (text) => {
    $("alert").textContent = text;
    $("alert").parentElement.hidden = !text;
  };
  const trying = (work) => async (...given) => {
    try {
      await work(...given);
    } catch (error) {
      say(error.message);
    }
  };
  const button = (text, act, isHere = false) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: act });
    made.setAttribute("aria-current", isHere);
    return made;
  };

  // ---- the tub ----------------------------------------------------------------------------------------------------

  async function open(tub) {
    Object.assign(at, { tub, place: 0, found: null, opinion: null, verdicts: [], verdict: -1 });
    stop();
    $("policy").value = "";
    for (const id of ["worst", "verdicts"]) $(id).replaceChildren();
    for (const id of ["found", "policy-says"]) $(id).textContent = "";
    take(await columns("frames", { tub }));
    select(null);
    history.replaceState(null, "", `?${new URLSearchParams({ tub })}`);
  }

  function take(data) {
    const isSameFrames = at.data?.numbers.length === data.numbers.length && at.data?.name === data.name;
    at.data = data;
    if (!isSameFrames) {
      Object.assign(at, { found: null, opinion: null });
      at.place = Math.min(at.place, Math.max(0, data.numbers.length - 1));
      timeline.data = null;
    }
    player.forget();
    redraw();
    $("about").textContent = `${data.frames} frames, ${data.numbers.length - data.frames} deleted, ${minutes(data.duration_s)}, ${data.megabytes} MB, ${health(data)}`;
    drives();
    edits();
    histogram();
    seek(at.place);
  }

  function redraw() {
    const { steering, throttle, deleted } = at.data;
    timeline.show({ steering, throttle, deleted, found: at.found, policy: at.opinion?.steering ?? null });
  }

  const minutes = (seconds) => (seconds >= 60 ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s` : `${seconds.toFixed(0)} s`);
  const health = (data) => (data.repairs.length ? `repaired: ${data.repairs.join("; ")}` : "healthy");

  // ---- where we are -----------------------------------------------------------------------------------------------

  async function seek(place, step = 1) {
    const n = at.data.numbers.length;
    if (!n) return;
    at.place = Math.max(0, Math.min(n - 1, place));
    timeline.seek(at.place);
    const { numbers, steering, throttle, deleted } = at.data;
    const here = at.place;
    const actions = [[steering[here], throttle[here], HUMAN]];
    let says = `frame ${numbers[here]}, ${here + 1} of ${n}${deleted[here] ? ", DELETED" : ""} · steering ${signed(steering[here])} · throttle ${signed(throttle[here])}`;
    if (at.opinion && !Number.isNaN(at.opinion.steering[here])) {
      actions.push([at.opinion.steering[here], at.opinion.throttle[here], POLICY]);
      says += ` · policy ${signed(at.opinion.steering[here])}, ${signed(at.opinion.throttle[here])}`;
    }
    $("numbers").textContent = says;
    const began = performance.now();
    if (await player.show(here, actions, step, n)) {
      stats.seek_ms.push(performance.now() - began);
      stats.shown = here;
    }
  }

  const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;

  function play() {
    if (at.playing) return stop();
    $("play").textContent = "Pause";
    let [before, owed] = [performance.now(), 0];
    const turn = (now) => {
      owed += ((now - before) / 1000) * at.data.rate_hz * Number($("speed").value);
      before = now;
      const steps = Math.floor(owed);
      owed -= steps;
      if (steps) seek(at.place + steps, steps);
      at.playing = at.place >= at.data.numbers.length - 1 ? stop() : requestAnimationFrame(turn);
    };
    at.playing = requestAnimationFrame(turn);
  }

  function stop() {
    cancelAnimationFrame(at.playing);
    $("play").textContent = "Play";
    return (at.playing = 0);
  }

  function faster(steps) {
    $("speed").selectedIndex = Math.max(0, Math.min($("speed").options.length - 1, $("speed").selectedIndex + steps));
  }

  // ---- choosing and editing ---------------------------------------------------------------------------------------

  function select(from, to) {
    timeline.select(from, to);
    const chosen = timeline.selection;
    $("selection").textContent = chosen ? `${chosen[1] - chosen[0]} frames selected (${at.data.numbers[chosen[0]]} … ${at.data.numbers[chosen[1] - 1]})` : "nothing selected: this frame";
  }

  const runsOf = (marks) => {
    const runs = [];
    for (let place = 0; place < marks.length; place += 1) {
      if (!marks[place]) continue;
      const start = place;
      while (place + 1 < marks.length && marks[place + 1]) place += 1;
      runs.push([at.data.numbers[start], at.data.numbers[place] + 1]);
    }
    return runs;
  };

  const selected = () => {
    const [from, to] = timeline.selection ?? [at.place, at.place + 1];
    return [[at.data.numbers[from], at.data.numbers[to - 1] + 1]];
  };

  const edit = trying(async (verb, ranges = [], why = "") => take(await edited({ tub: at.tub, verb, ranges, why })));

  function edits() {
    const rows = at.data.history.map((edit) => {
      const line = document.createElement("p");
      line.textContent = `${edit.number}. ${edit.verb} ${edit.frames} frames · ${edit.why || "no reason given"} · ${edit.who}, ${edit.when.replace("T", " ").slice(0, 16)}`;
      return line;
    });
    $("history").replaceChildren(...(rows.length ? rows : ["Nobody has edited this tub."]));
  }

  function drives() {
    $("drives").replaceChildren(...at.data.drives.map(([name, from, to], place) => button(`${name || `drive ${place + 1}`}: ${to - from} frames`, () => {
      timeline.view(from, to);
      select(from, to);
      seek(from);
    })));
  }

  // ---- filter, suggestions, policy --------------------------------------------------------------------------------

  const mark = (ranges) => {
    const { numbers } = at.data;
    const marks = new Uint8Array(numbers.length);
    let run = 0;
    for (let place = 0; place < numbers.length; place += 1) {
      while (run < ranges.length && numbers[place] >= ranges[run][1]) run += 1;
      if (run < ranges.length && numbers[place] >= ranges[run][0]) marks[place] = 1;
    }
    return marks;
  };

  function found(ranges, says) {
    at.found = mark(ranges);
    $("found").textContent = says ?? `${at.found.reduce((sum, one) => sum + one, 0)} frames`;
    redraw();
  }

  function nextFound() {
    const next = at.found?.indexOf(1, at.place + 1) ?? -1;
    const again = next < 0 ? (at.found?.indexOf(1) ?? -1) : next;
    if (again >= 0) seek(again);
  }

  const filter = trying(async () => {
    const where = $("where").value.trim();
    if (where) found((await read("matching", { tub: at.tub, where })).ranges);
    else found([], "");
    if (at.found.includes(1) && !at.found[at.place]) nextFound();
  });

  const check = trying(async () => {
    $("verdicts").textContent = "examining …";
    const { verdicts } = await read("check", { tub: at.tub });
    Object.assign(at, { verdicts, verdict: -1 });
    $("next-suggestion").disabled = !verdicts.length;
    if (verdicts.length) suggestion(1);
    else $("verdicts").textContent = "Nothing to complain about.";
  });

  function suggestion(step) {
    at.verdict = (at.verdict + step + at.verdicts.length) % at.verdicts.length;
    $("verdicts").replaceChildren(...at.verdicts.map((verdict, place) => {
      const line = Object.assign(document.createElement("div"), { className: "tubs-verdict", textContent: `${verdict.status === "broken" ? "✗" : "?"} ${verdict.name}: ${verdict.words}${verdict.deletes ? "" : ` → ${verdict.fix}`}` });
      line.setAttribute("aria-current", place === at.verdict);
      return line;
    }));
    const verdict = at.verdicts[at.verdict];
    $("accept").disabled = !verdict.deletes;
    found(verdict.ranges);
    if (verdict.first !== null) nextFound();
  }

  function accept() {
    const verdict = at.verdicts[at.verdict];
    if (!verdict?.deletes) return;
    edit("delete", verdict.ranges, `check ${verdict.name}: ${verdict.words}`);
    at.verdicts.splice(at.verdict, 1);
    at.verdict -= 1;
    $("accept").disabled = $("next-suggestion").disabled = true;
    if (at.verdicts.length) {
      $("next-suggestion").disabled = false;
      suggestion(1);
    } else $("verdicts").textContent = "All suggestions are done.";
  }

  const ask = trying(async () => {
    say("");
    const policy = $("policy").value;
    at.opinion = null;
    $("worst").replaceChildren();
    $("policy-says").textContent = policy ? "asking it about every frame …" : "";
    player.forget();
    if (policy) {
      try {
        opinion(await columns("opinions", { tub: at.tub, policy }));
      } catch (error) {
        $("policy").value = $("policy-says").textContent = "";
        throw error;
      }
    }
    redraw();
    seek(at.place);
  });

  function opinion(said) {
    const n = at.data.numbers.length;
    const placeOf = new Map(Array.from(at.data.numbers, (number, place) => [number, place]));
    at.opinion = { steering: new Float32Array(n).fill(NaN), throttle: new Float32Array(n).fill(NaN) };
    let error = 0;
    said.numbers.forEach((number, row) => {
      const place = placeOf.get(number);
      at.opinion.steering[place] = said.steering[row];
      at.opinion.throttle[place] = said.throttle[row];
      error += Math.abs(said.steering[row] - at.data.steering[place]);
    });
    $("policy-says").textContent = `differs by ${(error / said.numbers.length).toFixed(3)} in steering on average; the worst:`;
    $("worst").replaceChildren(...said.worst.map((number) => {
      const place = placeOf.get(number);
      const one = button("", () => seek(place));
      one.append(Object.assign(new Image(), { src: pictureAddress(at.tub, number, at.data.version), alt: `frame ${number}`, loading: "lazy" }));
      one.append(`${signed(at.data.steering[place])} / ${signed(at.opinion.steering[place])}`);
      return one;
    }));
  }

  function histogram() {
    const canvas = $("histogram");
    const pen = canvas.getContext("2d");
    const [all, live] = [new Array(BINS).fill(0), new Array(BINS).fill(0)];
    at.data.steering.forEach((value, place) => {
      const bin = Math.min(BINS - 1, Math.floor(((value + 1) / 2) * BINS));
      all[bin] += 1;
      if (!at.data.deleted[place]) live[bin] += 1;
    });
    const most = Math.max(1, ...all);
    const colour = (name) => getComputedStyle(canvas).getPropertyValue(name).trim();
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = colour("--human");
    pen.strokeStyle = colour("--ink");
    const width = canvas.width / BINS;
    for (let bin = 0; bin < BINS; bin += 1) {
      const high = (count) => ((canvas.height - 4) * count) / most;
      pen.fillRect(bin * width + 2, canvas.height - high(live[bin]), width - 4, high(live[bin]));
      pen.strokeRect(bin * width + 2, canvas.height - high(all[bin]), width - 4, high(all[bin]));
    }
  }

  // ---- the folder -------------------------------------------------------------------------------------------------

  async function offers() {
    const { tubs, policies } = await read("offers", {});
    const option = (name) => Object.assign(document.createElement("option"), { value: name, textContent: name });
    $("tub").replaceChildren(...tubs.map(option));
    $("make-with").replaceChildren(...tubs.map(option));
    $("policy").replaceChildren(Object.assign(option(""), { textContent: "none" }), ...policies.map(option));
    $("tub").value = at.tub;
    return tubs;
  }

  const list = trying(async () => {
    const body = document.querySelector("#list tbody");
    body.replaceChildren();
    for (const { value: tub } of $("tub").options) {
      const row = body.insertRow();
      row.insertCell().append(button(tub, () => trying(open)(($("tub").value = tub))));
      try {
        const one = await read("summary", { tub });
        for (const text of [one.frames, one.deleted, minutes(one.duration_s), `${one.megabytes} MB`, health(one)]) row.insertCell().textContent = text;
      } catch (error) {
        Object.assign(row.insertCell(), { colSpan: 5, textContent: error.message });
      }
    }
  });

  const make = trying(async () => {
    const verb = $("make-verb").value;
    const others = verb === "merge" ? [...$("make-with").selectedOptions].map((one) => one.value).filter((one) => one !== at.tub) : [];
    $("made").textContent = "writing …";
    try {
      const { made } = await (await post("make", { verb, tubs: [at.tub, ...others], out: $("make-out").value })).json();
      $("made").textContent = `made ${made.join(", ")}`;
      await offers();
    } catch (error) {
      $("made").textContent = "";
      throw error;
    }
  });

  const look = async () => {
    if (!at.data || document.hidden) return;
    try {
      const { version } = await read("version", { tub: at.tub });
      if (version === at.data.version) return;
      take(await columns("frames", { tub: at.tub }));
      say("Another program has changed this tub: it was read again.");
    } catch (error) {
      say(error.message);
    }
  };

  // ---- keys and buttons -------------------------------------------------------------------------------------------

  const acts = {
    ArrowLeft: (event) => seek(at.place - (event.shiftKey ? 10 : 1), -1),
    ArrowRight: (event) => seek(at.place + (event.shiftKey ? 10 : 1)),
    ArrowUp: () => faster(1),
    ArrowDown: () => faster(-1),
    Home: () => seek(0),
    End: () => seek(at.data.numbers.length - 1),
    " ": play,
    "[": () => select(at.place, Math.max(at.place + 1, timeline.selection?.[1] ?? 0)),
    "]": () => select(Math.min(at.place, timeline.selection?.[0] ?? at.place), at.place + 1),
    Escape: () => select(null),
    Delete: () => edit("delete", selected()),
    Backspace: () => edit("delete", selected()),
    r: () => edit("restore", selected()),
    u: () => edit("undo"),
    y: () => edit("redo"),
    z: () => timeline.selection && timeline.view(...timeline.selection),
    n: () => at.verdicts.length && suggestion(1),
    a: accept,
  };
  addEventListener("keydown", (event) => {
    const isTyping = event.target.matches?.("input:not([type=checkbox]), select, textarea");
    const isPressing = event.key === " " && event.target.matches?.("button, input, summary, a");
    if (!at.data || isTyping || isPressing || event.ctrlKey || event.metaKey || event.altKey || !acts[event.key]) return;
    event.preventDefault();
    acts[event.key](event);
  });

  const on = (id, kind, act) => $(id).addEventListener(kind, act);
  const press = { back: "ArrowLeft", forward: "ArrowRight", play: " ", delete: "Delete", restore: "r", undo: "u", redo: "y", zoom: "z", "next-suggestion": "n", accept: "a" };
  for (const [id, name] of Object.entries(press)) on(id, "click", acts[name]);
  on("tub", "change", () => trying(open)($("tub").value));
  on("whole", "click", () => timeline.view(0, at.data.numbers.length));
  on("find", "click", filter);
  on("where", "change", filter);
  on("next-match", "click", nextFound);
  on("delete-matching", "click", () => at.found?.includes(1) && edit("delete", runsOf(at.found), `where ${$("where").value}`));
  on("check", "click", check);
  on("policy", "change", ask);
  on("saliency", "change", () => {
    if ($("saliency").checked && !$("policy").value) say("Choose a policy first.");
    player.looksAhead = !$("saliency").checked; // each one asks the policy a hundred times
    player.forget();
    seek(at.place);
  });
  on("make", "click", make);
  on("close-alert", "click", () => say(""));
  document.querySelector(".tubs-top details").addEventListener("toggle", (event) => event.target.open && list());
  setInterval(look, LOOK_MS);

  trying(async () => {
    const tubs = await offers();
    const asked = new URLSearchParams(location.search).get("tub");
    if (!tubs.length) say("There is no recording in this folder yet.\nDrive one, or start the studio with the folder that has them.");
    else await open(($("tub").value = tubs.includes(asked) ? asked : tubs[0]));
  })();

  globalThis.copycarTubs = { stats, at, seek, timeline }; // for measurements and tests
}
