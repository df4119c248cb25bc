// The digits of a number: a box around each on the canvas. The one that is pointed at, or was drawn last, is chosen.
function openBoxes() {
  const layer = document.createElement("div");
  layer.className = "digit-boxes";
  const self = { digits: [] };
  let last = 0; // the digit drawn last
  let pointed = null; // the one that is pointed at
  let placed = ""; // where the boxes are

  const choose = () => {
    const chosen = pointed ?? last;
    [...layer.children].forEach((box, place) => box.classList.toggle("chosen", place === chosen));
    if (self.digits.length) self.choose(self.digits[chosen]);
  };
  // An answer that changes no box leaves them all as they are, and what is pointed at, too.
  const place = (boxes) => {
    if (boxes.join() === placed) return;
    placed = boxes.join();
    pointed = null;
    while (layer.children.length > boxes.length) layer.lastChild.remove();
    while (layer.children.length < boxes.length) layer.append(document.createElement("div"));
    boxes.forEach((box, digit) => {
      const { style } = layer.children[digit];
      ["left", "top", "width", "height"].forEach((side, axis) => (style[side] = `${100 * box[axis]}%`));
    });
  };
  self.show = (digits, drawnLast) => {
    const region = canvasRegion();
    if (region && layer.parentElement !== region) region.append(layer);
    self.digits = digits;
    last = drawnLast;
    place(digits.map(({ box }) => box));
    choose();
  };
  const at = (event) => {
    if (!self.digits.length || !canvasRegion()?.drawn?.contains(event)) return null;
    const canvas = canvasRegion().getBoundingClientRect();
    const [x, y] = [(event.clientX - canvas.left) / canvas.width, (event.clientY - canvas.top) / canvas.height];
    const place = self.digits.findIndex(({ box: [left, top, width, height] }) => x >= left && x <= left + width && y >= top && y <= top + height);
    return place < 0 ? null : place;
  };
  const move = (event) => {
    const place = at(event);
    if (place === pointed) return;
    pointed = place;
    choose();
  };
  addEventListener("pointermove", move, { capture: true, passive: true });
  self.close = () => {
    removeEventListener("pointermove", move, { capture: true });
    layer.remove();
  };
  return self;
}
