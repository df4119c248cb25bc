// The strip below the canvas: the image, the most excited maps of a few layers, the ten outputs. In sight, it follows the
// answer to a finished drawing unasked. When another picture has been read without that, as during a stroke, it asks the
// server for an update, but never for two at a time. A map that is pointed at lies over the drawing; a map that is
// pressed opens its card (kernel_card.js).
const CHECK = 40; // milliseconds between two looks at the picture
const INTERVAL = 110; // milliseconds between two requests, at least
const SHARE = 8, MAX_WAIT = 2000; // and so many times as long as the last answer took, up to this: a busy server is left alone
const FOLLOWS = 500; // milliseconds after a stroke or the use of a tool, in which it follows unasked
const PATIENCE = 3000; // milliseconds without an answer, after which it asks again
const MAX_MAPS = 8, NEAR = 4; // maps shown of a layer; a map keeps its place while it is at most so many ranks lower
const MIN_SIDE = 44, MAX_SIDE = 56, GAP = 4, WIDE = 640; // pixels: of a map, between maps; the width above which there is room

const readPicture = () => document.querySelector(".network-input")?.dataset.read ?? "";

export default function ({ data, parentElement, setTriggerValue }) {
  const strip = (parentElement.strip ??= build(parentElement));
  strip.send = inTurn(setTriggerValue);
  if (strip.turn === data.turn) return strip.stop;
  if (strip.asked !== null) strip.wait = Math.min(MAX_WAIT, Math.max(INTERVAL, SHARE * (performance.now() - strip.asked)));
  const unasked = strip.asked === null;
  Object.assign(strip, { turn: data.turn, asked: null, pending: data.pending, traced: data.traced, follows: data.follows });
  if (!data.pending && data.content?.picture === readPicture()) strip.told = data.content.picture;
  if (data.content && data.content !== strip.content) unpack(strip, data.content);
  if (unasked && strip.follows && !isInSight(strip)) strip.send("away", Math.round(performance.now()));
  if (data.card && data.card.number === strip.opening) {
    strip.opening = null; // it may come again, with the next answer
    openKernelCard(strip, data.card);
  }
  return strip.stop;
}

function build(parent) {
  const root = document.createElement("section");
  root.className = "layer-strip";
  root.setAttribute("aria-label", "Layer by layer");
  root.innerHTML =
    '<header><b>Layer by layer</b><span class="pointed"></span><button type="button" class="all">Show all</button></header>' +
    '<div class="way" role="group" aria-label="From the image to the answer"></div><dialog class="kernel-card"></dialog>';
  parent.append(root);
  const strip = {
    root, way: root.querySelector(".way"), dialog: root.querySelector("dialog"), told: null, since: 0, asked: null, last: 0,
    wait: INTERVAL, opening: null, content: null, pixels: null, slots: [], hover: null, focus: null, pinned: null,
  };
  listen(strip);
  return strip;
}

function listen(strip) {
  const { root, way } = strip;
  const mapOf = (event) => event.target.closest?.(".map[data-channel]");
  let touch = false;
  way.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch") point(strip, { hover: keyOf(mapOf(event)) });
  });
  way.addEventListener("pointerleave", () => point(strip, { hover: null }));
  way.addEventListener("pointerdown", (event) => (touch = event.pointerType === "touch"));
  way.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible")) point(strip, { focus: keyOf(mapOf(event)) });
  });
  way.addEventListener("focusout", () => point(strip, { focus: null }));
  way.addEventListener("keydown", (event) => walk(strip, event));
  way.addEventListener("click", (event) => {
    const key = keyOf(mapOf(event)), first = touch && event.detail > 0 && key !== strip.pinned; // a second tap opens it
    if (touch) point(strip, { pinned: key });
    if (key && !first) openMap(strip, key);
  });
  root.querySelector(".all").onclick = () => showAll(strip);
  const outside = (event) => {
    const path = event.composedPath();
    if (path.includes(root)) return;
    const canvas = path.some((each) => each.classList?.contains("st-key-canvas"));
    point(strip, canvas ? { focus: null } : { focus: null, pinned: null });
  };
  addEventListener("pointerdown", outside, { capture: true, passive: true });
  const timer = setInterval(() => ask(strip), CHECK);
  const observer = new ResizeObserver(() => strip.content && layOut(strip));
  observer.observe(root);
  strip.stop = () => {
    if (root.isConnected) return; // only another answer
    clearInterval(timer);
    observer.disconnect();
    removeEventListener("pointerdown", outside, { capture: true });
    lay(strip, null);
  };
}

// Asks for an update if there is something new to see, and if it can be seen.
function ask(strip) {
  const now = performance.now(), picture = readPicture(), pen = document.documentElement.dataset.pen ?? "rests";
  if (!strip.root.isConnected) return strip.stop();
  if (picture === strip.told || pen === "down") strip.since = now;
  if (picture === strip.told && !strip.pending && strip.asked === null) return;
  if (strip.asked !== null && now - strip.asked < PATIENCE) return;
  if (now - strip.last < strip.wait || document.hidden) return;
  if (strip.follows && pen !== "down" && !strip.pending && now - strip.since < FOLLOWS) return;
  if (!strip.traced && (!strip.pending || pen !== "rests")) return;
  if (strip.content && !isInSight(strip)) return;
  strip.told = picture;
  strip.asked = strip.last = now;
  strip.send("asked", Math.round(now));
}

function isInSight(strip) {
  const { top, bottom } = strip.root.getBoundingClientRect();
  return (bottom >= 0 && top <= innerHeight) || strip.lying;
}

async function unpack(strip, content) {
  const image = new Image();
  image.src = content.sheet;
  strip.content = content;
  await image.decode();
  if (strip.content !== content) return; // another one has come meanwhile
  const sheet = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = sheet.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  strip.pixels = context.getImageData(0, 0, sheet.width, sheet.height);
  layOut(strip);
}

// Makes the tiles if other layers or another width ask for others, and draws what they show.
function layOut(strip) {
  const { content, way } = strip;
  const stages = content.stages.length, width = strip.root.clientWidth;
  const [outputs, arrow] = width >= WIDE ? [100, 18] : [60, 10];
  const sideOf = (count) => // as large as the width allows
    Math.floor((width - 4 - outputs - (stages + 1) * arrow - stages * (count - 1) * GAP) / (1 + stages * count));
  let count = MAX_MAPS;
  while (count > 1 && sideOf(count) < MIN_SIDE) count--;
  const side = Math.max(MIN_SIDE, Math.min(MAX_SIDE, sideOf(count)));
  const layout = JSON.stringify([side, count, content.stages.map((each) => each.name)]);
  if (layout !== strip.layout) {
    Object.assign(strip, { layout, count, slots: content.stages.map(() => []) });
    way.style.cssText = `--side: ${side}px; --arrow: ${arrow}px; --outputs: ${outputs}px`;
    way.replaceChildren(...makeWay(content, count, side));
    way.querySelector(".map")?.setAttribute("tabindex", "0");
  }
  paint(way.querySelector(".image canvas"), cut(strip, 0, 0, [28, 28]), GREY);
  content.stages.forEach((stage, i) => showStage(strip, stage, i));
  showOutputs(strip);
  lay(strip, strip.hover ?? strip.pinned ?? strip.focus);
}

function makeWay(content, count, side) {
  const figure = (kind, inner, caption, title = "") => {
    const made = document.createElement("figure");
    made.className = kind;
    made.innerHTML = `<div class="tiles">${inner}</div><figcaption></figcaption>`;
    made.lastChild.textContent = caption;
    made.title = title;
    return made;
  };
  const arrow = () => Object.assign(document.createElement("i"), { className: "arrow", ariaHidden: "true" });
  const map = '<button type="button" class="map" tabindex="-1" disabled><canvas></canvas></button>';
  const stages = content.stages.map((stage) => {
    const inner = stage.convolution ? map.repeat(count) : `<div class="cells" style="--slots: ${Math.min(count, 2)}"><canvas></canvas></div>`;
    const long = `${stage.long[0].toUpperCase()}${stage.long.slice(1)}: ${stage.detail}`;
    return figure("stage", inner, count * (side + GAP) > 200 ? long : stage.short, stage.name);
  });
  const bars = Array.from({ length: 10 }, (_, digit) => `<span><i></i>${digit}</span>`).join("");
  const parts = [figure("image", "<canvas></canvas>", "Image", "The 28×28 image that the network sees"), ...stages];
  const answer = figure("answers", bars, "Answer", "The ten outputs");
  answer.ariaHidden = "true"; // the bars above say the same
  return [...parts.flatMap((part) => [part, arrow()]), answer];
}

function showStage(strip, stage, i) {
  const figure = strip.way.querySelectorAll(".stage")[i];
  if (!stage.convolution) return paint(figure.querySelector("canvas"), cut(strip, stage.top, 0, stage.size), BLUES);
  const slots = (strip.slots[i] = assign(strip, stage, strip.slots[i]));
  figure.querySelectorAll(".map").forEach((button, slot) => {
    const channel = slots[slot], known = channel !== undefined;
    button.disabled = !known;
    known ? (button.dataset.channel = channel) : delete button.dataset.channel;
    button.dataset.layer = stage.layer;
    button.setAttribute("aria-label", known ? `Map ${channel} of ${stage.long}` : `${stage.long}, no map yet`);
    paint(button.firstChild, known ? mapOfChannel(strip, stage, channel) : blank(stage.size), BLUES);
  });
}

// Which channel stands at which place. One that is still nearly among the most excited stays where it is.
function assign(strip, stage, before) {
  const pointed = strip.hover ?? strip.pinned ?? strip.focus;
  const near = new Set(stage.channels.slice(0, strip.count + NEAR));
  const stays = (channel) => near.has(channel) || (`${stage.layer}:${channel}` === pointed && stage.channels.includes(channel));
  const slots = Array.from({ length: strip.count }, (_, slot) => (stays(before[slot]) ? before[slot] : undefined));
  const fresh = stage.channels.filter((channel) => !slots.includes(channel));
  return slots.map((channel) => channel ?? fresh.shift());
}

function showOutputs(strip) {
  strip.way.querySelectorAll(".answers span").forEach((bar, digit) => {
    bar.style.setProperty("--value", strip.content.outputs[digit]);
    bar.classList.toggle("highest", digit === strip.content.highest);
  });
}

// Grey values out of the sheet: {size: [height, width], values}.
function cut(strip, top, left, size) {
  const { data, width } = strip.pixels, values = new Uint8ClampedArray(size[0] * size[1]);
  for (let y = 0; y < size[0]; y++)
    for (let x = 0; x < size[1]; x++) values[y * size[1] + x] = data[4 * ((top + y) * width + left + x)];
  return { size, values };
}

const blank = (size) => ({ size, values: new Uint8ClampedArray(size[0] * size[1]) });
const mapOfChannel = (strip, stage, channel) =>
  cut(strip, stage.top, stage.channels.indexOf(channel) * stage.size[1], stage.size);

// Colours for the values 0–1, as [red, green, blue, opacity] of 0–255.
const GREY = (value) => [255 * value, 255 * value, 255 * value, 255];
const BLUES = (value) => {
  const dark = Math.min(1, 2 * value), light = Math.max(0, 2 * value - 1); // black, blue, nearly white
  return [47 * dark + 193 * light, 111 * dark + 137 * light, 237 * dark + 18 * light, 255];
};
const OVERLAY = (value) => [236, 72, 153, 225 * value];

function paint(canvas, { size: [height, width], values }, colour) {
  const image = new ImageData(width, height);
  for (let i = 0; i < values.length; i++) image.data.set(colour(values[i] / 255), 4 * i);
  Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

const keyOf = (button) => (button ? `${button.dataset.layer}:${button.dataset.channel}` : null);

// Changes what is pointed at: by the mouse, by the keyboard or by a tap.
function point(strip, change) {
  Object.assign(strip, change);
  if (strip.content) lay(strip, strip.hover ?? strip.pinned ?? strip.focus);
}

// Lays a map over the drawing, exactly over the ink that it comes from; null takes it away.
function lay(strip, key) {
  const stage = key && strip.content.stages.find((each) => `${each.layer}` === key.split(":")[0]);
  const channel = key && Number(key.split(":")[1]), seen = stage?.channels.includes(channel);
  const host = [...document.querySelectorAll(".st-key-canvas *")]
    .map((each) => each.shadowRoot?.querySelector("canvas.upper-canvas")?.parentElement).find(Boolean);
  strip.lying = seen ? key : null;
  strip.root.querySelector(".pointed").textContent = seen ? `Map ${channel} of ${stage.long}, over your drawing` : "";
  strip.way.querySelectorAll(".map").forEach((each) => each.classList.toggle("lying", keyOf(each) === strip.lying));
  if (strip.overlay && strip.overlay.parentElement !== host) strip.overlay = strip.overlay.remove();
  if (!seen || !host) return (strip.overlay = strip.overlay?.remove());
  if (!strip.overlay) {
    strip.overlay = document.createElement("div"); // no canvas: whoever reads the drawing reads those
    strip.overlay.className = "map-overlay";
    strip.overlay.style.cssText = "position: absolute; inset: 0; overflow: hidden; pointer-events: none; z-index: 20";
    strip.overlay.append(new Image());
    host.append(strip.overlay);
  }
  const picture = document.createElement("canvas"), [left, top, width, height] = within(stage.box, strip.content.place);
  paint(picture, mapOfChannel(strip, stage, channel), OVERLAY);
  strip.overlay.dataset.map = key;
  Object.assign(strip.overlay.firstChild, { src: picture.toDataURL(), alt: "" });
  strip.overlay.firstChild.style.cssText =
    `position: absolute; max-width: none; image-rendering: pixelated; left: ${100 * left}%; top: ${100 * top}%; ` +
    `width: ${100 * width}%; height: ${100 * height}%`;
}

// A part (left, top, width, height) of what is itself a part of a whole, as a part of the whole.
const within = (part, outer) => [
  outer[0] + part[0] * outer[2], outer[1] + part[1] * outer[3], part[2] * outer[2], part[3] * outer[3],
];

// The arrow keys go from map to map; the whole strip is one stop of the Tab key.
function walk(strip, event) {
  const maps = [...strip.way.querySelectorAll(".map:not(:disabled)")], at = maps.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: maps.length - 1 }[event.key];
  if (at < 0 || to === undefined || !maps[to]) return;
  event.preventDefault();
  strip.way.querySelectorAll(".map").forEach((each) => (each.tabIndex = -1));
  maps[to].tabIndex = 0;
  maps[to].focus({ focusVisible: true });
}

function openMap(strip, key) {
  const [layer, channel] = key.split(":").map(Number);
  strip.asked = strip.last = performance.now();
  strip.opening = Math.round(strip.asked);
  strip.send("opened", { layer, channel, number: strip.opening });
}

// Opens the tab with all maps and brings it into view: at once, and again when it has its full height.
function showAll(strip) {
  strip.send("all", Math.round(performance.now()));
  const until = performance.now() + 3 * PATIENCE;
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  let begun = false;
  const look = () => {
    const tab = document.querySelector(".st-key-inside"), complete = tab?.querySelector("table");
    if (tab?.offsetParent && (complete || !begun)) {
      begun = true;
      tab.closest("[data-testid=stTabs]").scrollIntoView({ behavior });
    }
    if (!complete && performance.now() < until) setTimeout(look, CHECK);
  };
  look();
}
