"use strict";
// The replay page. The story holds columns of numbers; a text stands once, in `texts`.
// Moment 0 is the beginning; each moment after it is an event, or a command that came to nothing.

const story = JSON.parse(document.getElementById("story").textContent);
const NONE = -1;
const LAST = 8; // how many items of a list the story holds: its last ones, by index modulo LAST
const [stepOf, nameOf, saidOf, streamOf] = story.moments;
const [commandOf, commandSaid, commandKey, policyOf, wokenAt, refusedOf, verdictOf] = story.steps;
const count = story.sizes.length;
const text = (number) => (number === NONE || number === undefined ? "" : story.texts[number]);
const $ = (id) => document.getElementById(id);

// ---- what was what, at any moment -------------------------------------------------------------

const labels = []; // of each moment: 7 after event 7, 7.1 for a command after it that came to nothing
const momentOf = new Map(); // by label
const offsets = new Int32Array(count + 2); // where the changes of each moment begin
const history = story.facts.map(() => ({ at: [], as: [] })); // of each fact: when it became what
const touched = story.things.map(() => []); // of each thing: the moments at which it changed
const factsOf = story.things.map(() => []);
const ledTo = new Map(); // of each moment: those that its policies' commands led to
const toldTo = new Map(story.told.map(([name, system]) => [name, system]));

function prepare() {
  let position = story.before;
  let part = 0;
  labels.push(String(position));
  for (let m = 1; m <= count; m += 1) {
    const isEvent = nameOf[m - 1] !== NONE;
    position += isEvent ? 1 : 0;
    part = isEvent ? 0 : part + 1;
    labels.push(isEvent ? String(position) : `${position}.${part}`);
    offsets[m + 1] = offsets[m] + story.sizes[m - 1];
    const woken = wokenAt[stepOf[m - 1]];
    if (woken !== NONE) ledTo.set(woken, [...(ledTo.get(woken) || []), m]);
  }
  labels.forEach((label, m) => momentOf.set(label, m));
  story.facts.forEach(([thing], fact) => factsOf[thing].push(fact));
  for (let i = 0; i < story.first.length; i += 2) note(story.first[i], 0, story.first[i + 1]);
  for (let m = 1; m <= count; m += 1) {
    for (const [fact, as] of changesAt(m)) {
      note(fact, m, as);
      const moments = touched[story.facts[fact][0]];
      if (moments[moments.length - 1] !== m) moments.push(m);
    }
  }
}

function note(fact, m, as) {
  history[fact].at.push(m);
  history[fact].as.push(as);
}

function* changesAt(m) {
  for (let i = offsets[m]; i < offsets[m + 1]; i += 1) {
    yield [story.changes[2 * i], story.changes[2 * i + 1]];
  }
}

// The index of the last of the sorted moments that is not after m; -1 if there is none.
function lastUpTo(moments, m) {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moments[middle] <= m) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function factAt(fact, m) {
  const index = lastUpTo(history[fact].at, m);
  return index < 0 ? NONE : history[fact].as[index];
}

const labelOf = (fact) => text(story.facts[fact][1]);
const kindOf = (thing) => story.things[thing][0];

// A field such as rover_id that holds the key says nothing new: the key stands beside the name.
const isKey = (thing, label, said) => /(^|_)id$/.test(label) && said === text(story.things[thing][2]);

// A thing at a moment: its shape (its type, or all of it), and its entries, or its length and last items.
function thingAt(thing, m) {
  const found = { shape: "", entries: [], length: null, items: [] };
  const slots = {};
  for (const fact of factsOf[thing]) {
    const as = factAt(fact, m);
    const label = labelOf(fact);
    if (as === NONE || isKey(thing, label, text(as))) continue;
    if (label === "#") found.length = Number(text(as));
    else if (label === "") found.shape = text(as);
    else found.entries.push([label, text(as)]);
    slots[label] = text(as);
  }
  if (found.length !== null) {
    for (let i = Math.max(0, found.length - LAST); i < found.length; i += 1) found.items.push([i, slots[i % LAST]]);
  }
  if (/ (entry|entries|members?)$/.test(found.shape)) found.entries.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return found;
}

// ---- making elements ---------------------------------------------------------------------------

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

const spoken = (name) => name.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2").trim();

function sticky(kind, name, said, m, extra = "") {
  const element = make("button", `note ${kind} ${extra}`, make("span", "unseen", `${kind} `), make("b", "", name));
  if (said) element.append(" ", make("span", "said", said));
  element.append(make("span", "unseen", `, at ${labels[m]}`));
  element.type = "button";
  element.title = [name, said].filter(Boolean).join(" ");
  element.dataset.moment = m;
  return element;
}

// What became of a command that led to no event: refused, failed, or nothing.
function verdict(step) {
  const name = text(verdictOf[step]) || "nothing";
  return name[0].toUpperCase() + name.slice(1);
}

// ---- the wall ------------------------------------------------------------------------------------

const shownColumns = new Map();
const has = (kind) => story.things.some((thing) => thing[0] === kind);
const known = (column) => column.some((number) => number !== NONE);
const lanes = [known(commandOf) || known(policyOf), true, has("todo"), has("view")]; // those with notes in them
let anchor = 0;

function columnFor(m) {
  const column = make("div", "moment");
  column.dataset.at = m;
  const step = stepOf[m - 1];
  const first = m === 1 || stepOf[m - 2] !== step;
  const all = [commandLane(m, step, first), eventLane(m, step), policyLane(m), viewLane(m)];
  column.append(...all.filter((_, lane) => lanes[lane]));
  column.append(make("div", "at", labels[m]));
  return column;
}

function commandLane(m, step, first) {
  const lane = make("div", "lane");
  if (commandOf[step] === NONE && policyOf[step] === NONE) return lane;
  if (!first) return lane.append(make("div", "same")), lane;
  const known = commandOf[step] !== NONE;
  const command = known
    ? sticky("command", spoken(text(commandOf[step])), text(commandSaid[step]), m, "whole")
    : sticky("policy", text(policyOf[step]), "asked for this", m, "whole");
  if (known && policyOf[step] !== NONE) command.prepend(make("span", "by", text(policyOf[step])));
  lane.append(command);
  return lane;
}

function eventLane(m, step) {
  const lane = make("div", "lane");
  if (nameOf[m - 1] !== NONE) {
    const event = sticky("event", spoken(text(nameOf[m - 1])), text(saidOf[m - 1]), m, "whole");
    const system = toldTo.get(nameOf[m - 1]);
    if (system !== undefined) event.append(make("span", "told", `told: ${text(system)}`));
    lane.append(event);
  } else if (refusedOf[step] !== NONE) {
    lane.append(sticky("refusal", verdict(step), text(refusedOf[step]), m, "whole"));
  } else {
    lane.append(sticky("refusal", verdict(step), "it led to no event", m, "whole"));
  }
  return lane;
}

// Both lanes tell of what changed: a to-do that came up is a policy that woke, a view is what it became.
function policyLane(m) {
  const lane = make("div", "lane");
  for (const [fact, as] of changesAt(m)) {
    if (kindOf(story.facts[fact][0]) !== "todo" || as === NONE) continue;
    const name = labelOf(fact).replace(/ #\d+$/, "");
    if (lane.childElementCount < 2) lane.append(sticky("policy", name, "", m, "slim"));
  }
  return lane;
}

function viewLane(m) {
  const lane = make("div", "lane");
  const seen = new Set();
  for (const [fact] of changesAt(m)) {
    const thing = story.facts[fact][0];
    if (kindOf(thing) !== "view" || seen.has(thing)) continue;
    seen.add(thing);
    if (lane.childElementCount < 3) lane.append(sticky("view", text(story.things[thing][1]), brief(thing, m), m, "slim"));
  }
  return lane;
}

function brief(thing, m) {
  const now = thingAt(thing, m);
  return now.items.length ? now.items[now.items.length - 1][1] : now.shape;
}

function drawWall() {
  const track = $("track");
  const wide = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--wide"));
  const half = Math.ceil($("view").clientWidth / wide / 2) + 1;
  const far = Math.abs(current - anchor) > 500;
  if (far || Math.abs(current - previous) > half) track.classList.remove("glide");
  else track.classList.add("glide");
  if (far) {
    anchor = current;
    shownColumns.forEach((column) => column.remove());
    shownColumns.clear();
  }
  for (const [m, column] of shownColumns) {
    if (Math.abs(m - current) > half) {
      column.remove();
      shownColumns.delete(m);
    }
  }
  for (let m = Math.max(1, current - half); m <= Math.min(count, current + half); m += 1) {
    if (!shownColumns.has(m)) {
      const column = columnFor(m);
      shownColumns.set(m, column);
      const after = [...track.children].find((each) => Number(each.dataset.at) > m);
      track.insertBefore(column, after || null);
    }
    const column = shownColumns.get(m);
    column.style.transform = `translateX(${(m - anchor) * wide}px)`;
    column.classList.toggle("now", m === current);
    column.classList.toggle("future", m > current);
    for (const each of column.getElementsByTagName("button")) each.tabIndex = m === current ? 0 : -1;
  }
  track.style.transform = `translateX(${-(current - anchor) * wide}px)`;
}

// ---- what led to what --------------------------------------------------------------------------------

// The moments before m that led to it, the first one first: its command, the policy that asked, its event.
function chain(m) {
  const moments = [m];
  for (let woken = wokenAt[stepOf[m - 1]]; woken > 0; woken = wokenAt[stepOf[woken - 1]]) moments.unshift(woken);
  return moments;
}

function drawThread(m) {
  const thread = $("thread");
  thread.replaceChildren();
  const arrow = () => make("span", "arrow", "→");
  const kin = new Set();
  if (m > 0) {
    for (const each of chain(m)) {
      kin.add(each);
      const step = stepOf[each - 1];
      if (policyOf[step] !== NONE) thread.append(sticky("policy", text(policyOf[step]), "", wokenAt[step] > 0 ? wokenAt[step] : each), arrow());
      if (commandOf[step] !== NONE) thread.append(sticky("command", spoken(text(commandOf[step])), text(commandSaid[step]), each), arrow());
      if (nameOf[each - 1] !== NONE) thread.append(sticky("event", spoken(text(nameOf[each - 1])), text(saidOf[each - 1]), each));
      else thread.append(sticky("refusal", verdict(step), text(refusedOf[step]), each));
      if (each !== m) thread.append(arrow());
    }
    const later = ledTo.get(m) || [];
    if (later.length) thread.append(arrow(), make("span", "plain", "and later"));
    for (const each of later.slice(0, 6)) {
      kin.add(each);
      if (nameOf[each - 1] !== NONE) thread.append(sticky("event", spoken(text(nameOf[each - 1])), text(saidOf[each - 1]), each));
    }
  } else {
    thread.append(make("span", "plain", story.before ? `Up to event ${story.before.toLocaleString("en")}, which is not told here.` : "Nothing has happened yet."));
  }
  for (const [each, column] of shownColumns) column.classList.toggle("kin", kin.has(each) && kin.size > 1);
}

// ---- what changed, and how it stands ---------------------------------------------------------------------

function heading(thing, shape) {
  const [kind, name, key] = story.things[thing];
  const title = make("h3", "", text(name));
  if (text(key)) title.append(make("span", "key", text(key)));
  if (shape) title.append(make("span", `tag ${kind}`, shape));
  return title;
}

function change(before, after) {
  const parts = [];
  if (before) parts.push(make("span", "gone", before));
  if (before && after) parts.push(" → ");
  if (after) parts.push(make("span", "new", after));
  return parts;
}

function differences(thing, m) {
  const rows = make("dl");
  const row = (label, ...parts) => rows.append(make("div", "", make("dt", "", label), make("dd", "", ...parts)));
  const before = thingAt(thing, m - 1);
  const after = thingAt(thing, m);
  if (after.length !== null) {
    const had = new Map(before.items);
    for (const [i, item] of after.items) {
      if (i >= (before.length || 0)) row("+", make("span", "new", item));
      else if (had.has(i) && had.get(i) !== item) row(`${i + 1}.`, ...change(had.get(i), item));
    }
    for (const [i, item] of before.items) if (i >= after.length) row("−", make("span", "gone", item));
    return rows;
  }
  if (before.shape !== after.shape) row(kindOf(thing) === "stream" ? "is" : "", ...change(before.shape, after.shape));
  const had = new Map(before.entries);
  const has = new Map(after.entries);
  for (const [label, value] of after.entries) {
    if (!had.has(label)) row(`+ ${label}`, make("span", "new", value));
    else if (had.get(label) !== value) row(label, ...change(had.get(label), value));
  }
  const done = kindOf(thing) === "todo";
  for (const [label, value] of before.entries) {
    if (!has.has(label)) row(`${done ? "✓" : "−"} ${label}`, make("span", done ? "done" : "gone", value));
  }
  return rows;
}

function drawChanged() {
  const box = $("changed");
  box.replaceChildren();
  const things = new Set();
  if (current > 0 && nameOf[current - 1] === NONE) box.append(nothing(stepOf[current - 1]));
  if (current > 0) for (const [fact] of changesAt(current)) things.add(story.facts[fact][0]);
  for (const thing of things) {
    if (kindOf(thing) === "picture") continue;
    box.append(make("div", "thing", heading(thing, ""), differences(thing, current)));
  }
  if (!box.childElementCount) box.append(make("p", "dim", current ? "Nothing: no state, no view, no to-do." : "Nothing yet."));
}

// A command that led to no event changed nothing; why, in full.
function nothing(step) {
  const title = make("h3", "", spoken(text(commandOf[step])), make("span", "tag refusal", verdict(step)));
  return make("div", "thing", title, make("p", "why", text(refusedOf[step]) || "it led to no event"));
}

const MOST = 12;

function drawStands() {
  const found = [];
  story.things.forEach(([kind], thing) => {
    if (kind === "picture") return;
    const last = lastUpTo(touched[thing], current);
    if (last >= 0) found.push([kind === "todo" ? Infinity : touched[thing][last], thing]);
  });
  found.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const box = $("stands");
  box.replaceChildren(...found.slice(0, MOST).map(([, thing]) => standing(thing)));
  if (found.length > MOST) box.append(make("p", "dim", `and ${(found.length - MOST).toLocaleString("en")} more that changed before`));
  if (!found.length) box.append(make("p", "dim", "Nothing yet."));
}

function standing(thing) {
  const now = thingAt(thing, current);
  const box = make("div", "thing");
  box.dataset.thing = [kindOf(thing), text(story.things[thing][1]), text(story.things[thing][2])].join(" ").trim();
  if (now.length !== null) {
    box.append(heading(thing, now.length === 1 ? "1 item" : `${now.length.toLocaleString("en")} items`));
    const list = make("ul");
    const before = now.length - now.items.length;
    if (before) list.append(make("li", "dim", `… ${before.toLocaleString("en")} before`));
    for (const [, item] of now.items) list.append(make("li", "", item));
    box.append(list);
    return box;
  }
  const shape = kindOf(thing) === "todo" ? (now.entries.length ? `${now.entries.length} open` : "all done") : now.shape;
  const whole = !now.entries.length && kindOf(thing) === "view";
  box.dataset.shape = shape;
  const plain = whole || shape === text(story.things[thing][1]).replaceAll(" ", ""); // said already
  box.append(heading(thing, plain ? "" : shape));
  const rows = make("dl");
  if (whole) rows.append(make("div", "", make("dd", "", now.shape)));
  for (const [label, value] of now.entries) rows.append(make("div", "", make("dt", "", label), make("dd", "", value)));
  box.append(rows);
  return box;
}

// ---- the picture ----------------------------------------------------------------------------------------

const TRAIL = 3000; // so many pieces of the path are drawn, the last ones
let drawn = NONE;

function drawPicture() {
  let latest = NONE;
  let when = 0;
  story.things.forEach(([kind], thing) => {
    if (kind !== "picture") return;
    const last = lastUpTo(touched[thing], current);
    if (last >= 0 && touched[thing][last] > when) [when, latest] = [touched[thing][last], thing];
  });
  $("map").hidden = latest === NONE;
  if (latest === NONE) return;
  $("map-title").textContent = [text(story.things[latest][1]), text(story.things[latest][2])].join(" ");
  for (const fact of factsOf[latest]) if (labelOf(fact) === "drawing") redraw(factAt(fact, current));
  for (const fact of factsOf[latest]) if (labelOf(fact) !== "drawing") move(fact);
}

function redraw(drawing) {
  if (drawing === drawn || drawing === NONE) return;
  drawn = drawing;
  const parsed = new DOMParser().parseFromString(text(drawing), "image/svg+xml");
  $("drawing").replaceChildren(document.importNode(parsed.documentElement, true));
}

function move(fact) {
  const element = $("drawing").querySelector(`[id="${CSS.escape(labelOf(fact))}"]`);
  if (!element) return;
  const now = text(factAt(fact, current));
  if (labelOf(fact) === "trail") {
    const end = lastUpTo(history[fact].at, current) + 1;
    const pieces = history[fact].as.slice(Math.max(0, end - TRAIL), end).map(text);
    if (pieces.length) pieces[0] = `M ${pieces[0].split(" ").slice(-2).join(" ")}`;
    element.setAttribute("d", pieces.join(" "));
    return;
  }
  element.setAttribute("visibility", now ? "visible" : "hidden");
  if (now) element.setAttribute("transform", now);
}

// ---- the log ----------------------------------------------------------------------------------------------

const BEFORE = 9;
const AFTER = 3;

function drawLog() {
  const lines = [];
  let key = null;
  const from = Math.max(1, current - BEFORE);
  for (let m = from; m <= Math.min(count, current + AFTER); m += 1) {
    const step = stepOf[m - 1];
    const first = m === 1 || stepOf[m - 2] !== step;
    const add = (kind, label, about, ...words) => {
      const link = make("a", "", make("span", `label ${kind}`, label), [words[0], about === key ? "" : about, words[1]].filter(Boolean).join(" "));
      link.href = `#${labels[m]}`;
      link.title = link.textContent;
      const here = m === current && kind !== "command" ? "here" : "";
      lines.push(make("li", m > current ? "future" : here, link));
      key = about;
    };
    if (first && commandOf[step] !== NONE) add("command", "COMMAND", text(commandKey[step]), text(commandOf[step]), text(commandSaid[step]));
    if (nameOf[m - 1] !== NONE) add("event", "EVENT", text(story.things[streamOf[m - 1]][2]), text(nameOf[m - 1]), text(saidOf[m - 1]));
    else add("refusal", verdict(step).toUpperCase(), text(commandKey[step]), known([commandOf[step]]) ? `${text(commandOf[step])}:` : "", text(refusedOf[step]));
  }
  $("log").replaceChildren(...lines);
  if (!lines.length) $("log").append(make("li", "dim", "Nothing was recorded."));
}

// ---- going from moment to moment ---------------------------------------------------------------------------

let current = 0;
let previous = 0;
let playing = 0; // when playing began, and at which moment
let began = 0;
let naming = 0;
const framed = location.protocol === "about:"; // inside a notebook the page has no address of its own

function go(m) {
  previous = current;
  current = Math.max(0, Math.min(count, m));
  draw();
}

function draw() {
  const focused = document.activeElement;
  const wasOnWall = $("track").contains(focused) && focused.className;
  drawWall();
  drawThread(current);
  drawChanged();
  drawStands();
  drawPicture();
  drawLog();
  $("slider").value = current;
  $("slider").setAttribute("aria-valuetext", said(current));
  $("now").textContent = said(current);
  $("first").disabled = $("back").disabled = current === 0;
  $("last").disabled = $("next").disabled = current === count;
  nameMark($("mark-back"), markBefore(), "‹ ", "");
  nameMark($("mark-next"), markAfter(), "", " ›");
  document.body.dataset.at = labels[current];
  if (wasOnWall) shownColumns.get(current)?.getElementsByTagName("button")[0]?.focus();
  clearTimeout(naming);
  if (!playing && !framed) naming = setTimeout(() => window.history.replaceState(null, "", `#${labels[current]}`), 150);
}

function said(m) {
  if (m === 0) return story.before ? `After event ${story.before.toLocaleString("en")}` : "At the beginning";
  const step = stepOf[m - 1];
  const what = nameOf[m - 1] !== NONE ? [spoken(text(nameOf[m - 1])), text(saidOf[m - 1])] : [spoken(text(commandOf[step])), `${verdict(step).toLowerCase()}:`, text(refusedOf[step])];
  const [at, all] = [labels[m], labels[count].split(".")[0]].map((label) => Number(label).toLocaleString("en"));
  const words = what.filter(Boolean).join(" ");
  return `${at} of ${all}: ${words.length > 90 ? `${words.slice(0, 90)}…` : words}`;
}

const marks = story.marks.map(([m]) => m);
const markName = (name) => spoken(text(name)).toLowerCase();
const markBefore = () => lastUpTo(marks, current - 1);
const markAfter = () => lastUpTo(marks, current) + 1;

function nameMark(button, index, before, after) {
  const mark = story.marks[index];
  button.disabled = !mark;
  button.textContent = mark ? `${before}${markName(mark[1])}${after}` : `${before}no mark${after}`;
}

function toMark(index) {
  if (story.marks[index]) go(marks[index]);
}

function play() {
  if (playing) return pause();
  if (current === count) go(0);
  playing = performance.now();
  began = current;
  showPlaying("Pause", "M3 2h4v12H3zM9 2h4v12H9z");
  requestAnimationFrame(tick);
}

function pause() {
  playing = 0;
  showPlaying("Play", "M4 2v12l10-6z");
  draw();
}

function showPlaying(label, shape) {
  $("play").setAttribute("aria-label", label);
  $("play").querySelector("path").setAttribute("d", shape);
  $("now").setAttribute("aria-live", playing ? "off" : "polite");
}

function tick(time) {
  if (!playing) return;
  const next = began + Math.floor(((time - playing) / 1000) * Number($("speed").value));
  if (next > current) go(next);
  if (current === count) pause();
  else requestAnimationFrame(tick);
}

const asked = () => location.hash.slice(1);

function fromAddress() {
  const m = momentOf.get(asked());
  if (m !== undefined && m !== current) go(m);
}

const keys = {
  " ": play,
  ArrowLeft: () => go(current - 1),
  ArrowRight: () => go(current + 1),
  Home: () => go(0),
  End: () => go(count),
  "[": () => toMark(markBefore()),
  "]": () => toMark(markAfter()),
};

function pressed(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in keys)) return;
  const on = event.target.tagName;
  if (on === "SELECT" || (event.key === " " && (on === "BUTTON" || on === "A"))) return;
  event.preventDefault();
  if (playing && event.key !== " ") pause();
  keys[event.key]();
}

function listen() {
  document.addEventListener("keydown", pressed);
  window.addEventListener("hashchange", fromAddress);
  window.addEventListener("resize", draw);
  $("slider").addEventListener("input", (event) => go(Number(event.target.value)));
  $("play").addEventListener("click", play);
  $("speed").addEventListener("change", () => ([playing, began] = [playing && performance.now(), current]));
  const clicks = { first: "Home", back: "ArrowLeft", next: "ArrowRight", last: "End", "mark-back": "[", "mark-next": "]" };
  for (const [id, key] of Object.entries(clicks)) $(id).addEventListener("click", keys[key]);
  for (const id of ["track", "thread"]) {
    const at = (event) => event.target.closest(".note")?.dataset.moment;
    $(id).addEventListener("click", (event) => at(event) && go(Number(at(event))));
  }
  const look = (event) => {
    const at = event.target.closest?.(".note")?.dataset.moment;
    if (at && !playing) drawThread(Number(at));
  };
  $("track").addEventListener("mouseover", look);
  $("track").addEventListener("focusin", look);
  $("track").addEventListener("mouseleave", () => playing || drawThread(current));
  $("log").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!framed || !link) return; // from inside a frame the link would lead to the notebook around it
    event.preventDefault();
    go(momentOf.get(link.hash.slice(1)));
  });
  drag($("view"));
}

// A finger or a mouse moves the timeline along.
function drag(view) {
  let from = null;
  view.addEventListener("pointerdown", (event) => (from = { x: event.clientX, at: current }));
  view.addEventListener("pointermove", (event) => {
    if (!from || !event.buttons) return;
    const wide = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--wide"));
    const to = from.at - Math.round((event.clientX - from.x) / wide);
    if (to !== current) go(to);
  });
  window.addEventListener("pointerup", () => (from = null));
  view.addEventListener("wheel", (event) => {
    if (Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    go(current + Math.sign(event.deltaX));
  }, { passive: false });
}

function tell() {
  const events = nameOf.reduce((sum, name) => sum + (name !== NONE ? 1 : 0), 0);
  const many = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
  const streams = story.things.filter(([kind]) => kind === "stream").length;
  let about = `${many(events, "event")} in ${many(streams, "stream")}`;
  if (story.before) about = `events ${(story.before + 1).toLocaleString("en")} to ${(story.before + events).toLocaleString("en")}, the last ones, in ${many(streams, "stream")}`;
  const [from, to] = [story.times[0], story.times[story.times.length - 1]];
  const day = (time) => time.slice(0, 16).replace("T", " ");
  if (from) about += from === to || day(from) === day(to) ? `, recorded ${day(from)} UTC` : `, recorded ${day(from)} to ${day(to)} UTC`;
  $("about").textContent = about;
  $("slider").max = count;
  document.body.classList.toggle("pictured", has("picture"));
  document.body.style.setProperty("--lanes", lanes.filter(Boolean).length);
  [...$("lanes").children].forEach((name, lane) => (name.hidden = !lanes[lane]));
  const bad = new Set(verdictOf.map(text));
  const places = new Map();
  for (const [m, name] of story.marks) places.set(Math.round((m / Math.max(1, count)) * 400), text(name));
  for (const [place, name] of places) {
    const tick = make("i", bad.has(name) ? "bad" : "");
    tick.style.left = `${place / 4}%`;
    $("ticks").append(tick);
  }
}

prepare();
tell();
listen();
if (momentOf.has(asked())) fromAddress();
else go(count);
draw();
