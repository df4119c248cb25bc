// Has the drawing read while the pen moves: takes pictures of the canvas and sends one after the other, the next once
// the server has answered the last. Says in data-pen of the whole document whether the drawing is finished.
const INTERVAL = 50; // milliseconds between two pictures at least
const REST = 500; // milliseconds after a stroke; within a digit, the next one usually begins sooner
const PATIENCE = 1500; // milliseconds, after which a picture without an answer is sent again

function openSampler() {
  const self = { number: 0, answered: 0, sent: -PATIENCE, changed: false };
  let pointer = null; // the one that draws
  let resting, sending;

  function tell(pen) {
    if (document.documentElement.dataset.pen === pen) return;
    document.documentElement.dataset.pen = pen;
    document.dispatchEvent(new Event("pen"));
  }
  function send() {
    clearTimeout(sending);
    const image = canvasRegion()?.drawn?.picture();
    if (!image) return (sending = setTimeout(self.look, INTERVAL)); // it is about to change
    self.changed = false;
    self.sent = performance.now();
    canvasRegion().dataset.sample = self.number + 1;
    self.send("sample", { number: ++self.number, image, pen: document.documentElement.dataset.pen });
  }
  // Sends a picture as soon as one may be sent, if there is anything new.
  self.look = () => {
    clearTimeout(sending);
    if (!self.changed && self.number === self.answered) return;
    const since = performance.now() - self.sent;
    const wait = self.number === self.answered ? INTERVAL - since : PATIENCE - since;
    if (wait > 0) sending = setTimeout(self.look, wait);
    else send();
  };
  const down = (event) => {
    if (!canvasRegion()?.drawn?.contains(event) || event.button || !event.isPrimary) return;
    pointer = event.pointerId;
    clearTimeout(resting);
    tell("down");
    self.changed = true;
    self.look();
  };
  const move = (event) => {
    if (event.pointerId !== pointer) return;
    self.changed = true;
    self.look();
  };
  const up = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    tell("lifted");
    resting = setTimeout(() => tell("rests"), REST);
    self.changed = true;
    send(); // at once, before the canvas turns the stroke into its final shape
    self.look();
  };
  const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up };
  for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener, { capture: true, passive: true });
  self.answer = (number) => {
    if (number <= self.number) self.answered = Math.max(number, self.answered);
    self.look();
  };
  self.close = () => {
    clearTimeout(resting);
    clearTimeout(sending);
    tell("rests");
    for (const [type, listener] of Object.entries(listeners)) removeEventListener(type, listener, { capture: true });
  };
  return self;
}
