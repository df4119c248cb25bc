// Makes the canvas a part of this page, and keeps strokes apart from what the server does to the drawing.
//
// After a tool is used, it takes a moment until another drawing, or another pen, comes from the server. A stroke that
// begins in that moment would be cut or lost. So until then strokes are only shown, and are drawn once it is there.
//
// The element .st-key-canvas gets a property `drawn`, through which the page's other scripts use the canvas.
const SEND = "Update the app with this drawing"; // the name of the canvas's own button that sends the drawing at once
const SIDE = 280; // pixels of the picture that is read: its height, and its width unless the canvas is wide
const BRIGHT = 128; // from here on, a pixel of it is ink
const TALL = 10_000; // the maximal height that says that nothing has been answered (canvas.py)
const LOOK = 20; // milliseconds between two looks for the canvas, which loads its own script
const NAME = "Your drawing. Draw a digit or a number here with a mouse, a pen or a finger.";
const STYLE = `
  .dc-root, .dc-scroll, .dc-container, .canvas-container, canvas {
    width: var(--length) !important; height: var(--side) !important;
  }
  .dc-scroll { overflow: hidden !important; max-height: none !important; border-radius: 0.5rem; }
  .dc-toolbar { display: none !important; }
  .dc-canvas { outline: none; }
  .upper-canvas { cursor: var(--pen-cursor, crosshair) !important; touch-action: none; }
  .upper-canvas:focus-visible {
    outline: 3px solid var(--st-primary-color); outline-offset: -3px; border-radius: 0.5rem;
  }
`;

function open(region, shadow) {
  const [upper, lower] = ["upper", "lower"].map((layer) => shadow.querySelector(`.dc-canvas.${layer}-canvas`));
  const scroller = shadow.querySelector(".dc-scroll");
  const style = document.createElement("style");
  style.textContent = STYLE;
  shadow.append(style);
  upper.tabIndex = 0;
  upper.setAttribute("role", "img");
  upper.setAttribute("aria-label", NAME);
  if (document.activeElement === document.body) {
    // The Tab key goes on from here to the tools, not through all of the sidebar first.
    upper.focus({ preventScroll: true });
    upper.blur();
  }

  const overlay = document.createElement("canvas");
  overlay.className = "held-strokes";
  region.append(overlay);
  const sketch = overlay.getContext("2d");
  const picture = document.createElement("canvas");
  const copy = picture.getContext("2d", { willReadFrequently: true });
  // The canvas has been given its size: what lies over it, the picture that is read and the style sheet follow.
  const follow = () => {
    const width = Math.round((SIDE * upper.width) / upper.height);
    document.documentElement.dataset.canvas = width > SIDE ? "wide" : "square";
    if (picture.width === width && picture.height === SIDE) return;
    Object.assign(overlay, { width: upper.width, height: upper.height });
    Object.assign(picture, { width, height: SIDE });
    copy.imageSmoothingQuality = "high";
  };
  follow();

  let wanted = 0; // the latest use of a tool
  let answered = 0; // the latest one whose outcome the canvas shows
  let held = []; // events of the mouse that the canvas has not been given yet
  let pointer = null; // the one whose stroke is held
  const drawing = new Set(); // pointers that went down on the canvas and are still down
  let giving = false; // whether the canvas is being given such an event
  let unsent = false; // whether the canvas may have strokes that it has not sent: it does so a moment after each
  const waits = () => wanted > answered;

  // The canvas does what it is told at once, but for drawings, which it loads without waiting for anything: by the next
  // turn of the event loop it shows them.
  const notice = () => {
    follow();
    const told = parseInt(scroller.style.maxHeight) - TALL;
    setTimeout(() => {
      answered = Math.max(told || 0, answered);
      if (waits()) return;
      held.splice(0).forEach(give);
      sketch.clearRect(0, 0, overlay.width, overlay.height);
    });
  };
  const observer = new MutationObserver(notice);
  observer.observe(scroller, { attributeFilter: ["style"] });
  notice(); // a tool may have been used, and answered, before the canvas was there

  function give({ type, x, y }) {
    const box = upper.getBoundingClientRect();
    const [clientX, clientY] = [box.x + x * box.width, box.y + y * box.height];
    const how = { bubbles: true, cancelable: true, composed: true, view: window, buttons: Number(type !== "mouseup") };
    giving = true;
    (type === "mousedown" ? upper : document).dispatchEvent(new MouseEvent(type, { ...how, clientX, clientY }));
    giving = false;
    if (type === "mouseup") unsent = true;
  }
  function show({ type, x, y }) {
    if (type === "mousedown") {
      const { width, colour } = drawn.pen;
      Object.assign(sketch, { lineCap: "round", lineJoin: "round", lineWidth: width, strokeStyle: colour });
      sketch.beginPath();
      sketch.moveTo(x * overlay.width, y * overlay.height);
    }
    sketch.lineTo(x * overlay.width, y * overlay.height);
    sketch.stroke();
  }
  function take(type, event) {
    const box = upper.getBoundingClientRect();
    const moved = { type, x: (event.clientX - box.x) / box.width, y: (event.clientY - box.y) / box.height };
    if (!waits()) return give(moved);
    held.push(moved);
    show(moved);
  }

  const isOnCanvas = (event) => event.composedPath()[0] === upper;
  const end = (event) => {
    if (drawing.delete(event.pointerId)) unsent = true;
    if (event.pointerId !== pointer) return;
    take("mouseup", event);
    setTimeout(() => (pointer = null)); // after the events of mouse and finger that belong to it
  };
  const block = (event) => {
    if (giving || pointer === null || !isOnCanvas(event)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  const listeners = {
    pointerdown(event) {
      if (!isOnCanvas(event)) return;
      drawing.add(event.pointerId);
      if (!waits() || event.button || !event.isPrimary) return;
      pointer = event.pointerId;
      take("mousedown", event);
    },
    pointermove(event) {
      if (event.pointerId === pointer) take("mousemove", event);
    },
    pointerup: end,
    pointercancel: end,
    ...Object.fromEntries(["mousedown", "mousemove", "mouseup"].map((type) => [type, block])),
    ...Object.fromEntries(["touchstart", "touchmove", "touchend", "touchcancel"].map((type) => [type, block])),
  };
  const how = { capture: true, passive: false };
  for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener, how);

  const drawn = {
    shadow,
    pen: { width: 40, colour: "white" },
    contains: isOnCanvas,
    waits,
    used: () => Math.max(wanted, answered),
    focus: () => upper.focus({ preventScroll: true }),
    // The picture that the canvas shows, a data URL, with the stroke being drawn; null while it is about to change.
    picture() {
      if (waits() || held.length) return null;
      copy.drawImage(lower, 0, 0, picture.width, SIDE);
      copy.drawImage(upper, 0, 0, picture.width, SIDE);
      return picture.toDataURL("image/png");
    },
    // How many pixels of the last picture are ink.
    ink() {
      const { data } = copy.getImageData(0, 0, picture.width, SIDE);
      let count = 0;
      for (let place = 0; place < data.length; place += 4) count += data[place] >= BRIGHT;
      return count;
    },
    // A tool is used: strokes are held until the server has answered. Those that are there are sent before.
    press(number) {
      if (unsent) shadow.querySelector(`[aria-label="${SEND}"]`)?.click();
      unsent = false;
      wanted = number;
    },
    close() {
      observer.disconnect();
      for (const [type, listener] of Object.entries(listeners)) removeEventListener(type, listener, how);
      overlay.remove();
    },
  };
  return drawn;
}

export default function ({ parentElement }) {
  const region = parentElement.closest(".st-key-canvas");
  let timer;
  const look = () => {
    const host = [...region.querySelectorAll("*")].find((each) => each.shadowRoot?.querySelector(".upper-canvas"));
    if (!host) return (timer = setTimeout(look, LOOK));
    if (region.drawn?.shadow === host.shadowRoot) return;
    region.drawn?.close();
    region.drawn = open(region, host.shadowRoot);
    region.dispatchEvent(new Event("drawn"));
  };
  look();
  return () => {
    clearTimeout(timer);
    region.drawn?.close();
    delete region.drawn;
  };
}
