// A picture in which a part is chosen: by drawing a frame, or with the arrow keys.
const STEP = 0.02; // of the picture, for each press of a key
const SMALLEST = 0.02;
const PAUSE = 300; // milliseconds after the last key, before the part is read
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const within = (value, most = 1) => Math.min(most, Math.max(0, value));

function open(root) {
  const frame = root.querySelector(".chosen");
  const self = {};
  let start = null;

  self.show = (part) => {
    self.part = part;
    for (const [side, share] of Object.entries(part)) frame.style[side] = `${100 * share}%`;
  };
  // What the server says about an earlier part is out of date until it has heard of the last one.
  self.tell = (part) => {
    const known = JSON.stringify(part);
    if (self.reported && self.reported !== known) return;
    self.reported = null;
    self.show(part);
  };
  const report = () => {
    self.reported = JSON.stringify(self.part);
    self.report("part", self.part);
  };
  const at = (event) => {
    const place = root.getBoundingClientRect();
    return [within((event.clientX - place.left) / place.width), within((event.clientY - place.top) / place.height)];
  };
  root.onpointerdown = (event) => {
    start = at(event);
    self.before = self.part;
    root.setPointerCapture(event.pointerId);
  };
  root.onpointermove = (event) => {
    if (!start) return;
    const [[x, y], [x0, y0]] = [at(event), start];
    self.show({ left: Math.min(x, x0), top: Math.min(y, y0), width: Math.abs(x - x0), height: Math.abs(y - y0) });
  };
  root.onpointerup = () => {
    if (!start) return;
    start = null;
    if (self.part === self.before) return;
    if (Math.min(self.part.width, self.part.height) < SMALLEST) self.show(self.before);
    else report();
  };
  root.onpointercancel = () => {
    if (start) self.show(self.before);
    start = null;
  };
  frame.onkeydown = (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const [x, y] = move.map((direction) => direction * STEP);
    const { left, top, width, height } = self.part;
    if (event.shiftKey) {
      const most = [1 - left, 1 - top];
      self.show({ left, top, width: Math.max(SMALLEST, within(width + x, most[0])), height: Math.max(SMALLEST, within(height + y, most[1])) });
    } else self.show({ left: within(left + x, 1 - width), top: within(top + y, 1 - height), width, height });
    self.reported = "soon";
    clearTimeout(self.timer);
    self.timer = setTimeout(report, PAUSE);
  };
  return self;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".part");
  root.chooser ??= open(root);
  const picture = root.querySelector("img");
  if (picture.getAttribute("src") !== data.picture) picture.src = data.picture;
  root.chooser.report = inTurn(setTriggerValue);
  root.chooser.tell(data.part);
}
