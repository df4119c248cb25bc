// Has the drawing read while the pen moves: takes pictures of the canvas and sends one after the other, the next once
// the server has answered the last. Says in data-pen of the whole document whether the drawing is finished.
//
// An answer may get lost between server and browser. So each says what it follows: the last picture, the last use of a
// tool, and whether the drawing that came of that has been read. If that is behind for too long, a picture is sent.
const INTERVAL = 50; // milliseconds between two pictures at least
const REST = 500; // milliseconds after a stroke; within a digit, the next one usually begins sooner
const PATIENCE = 1500; // milliseconds, after which a picture without an answer is sent again
const CHECK = 250; // milliseconds between two looks whether the answer is behind
const CHANGED = 0.02; // of the ink: the canvas may have drawn the end of a fast stroke after the last picture was taken
const TRIES = 5; // of asking again; a server that was restarted may not know what was used before

function openSampler() {
  const self = { number: 0, answered: 0, ink: 0, used: 0, sent: -PATIENCE, changed: false, follows: { used: 0, settled: true } };
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
    [self.ink, self.used] = [canvasRegion().drawn.ink(), canvasRegion().drawn.used()];
    self.sent = performance.now();
    canvasRegion().dataset.sample = self.number + 1;
    const { pen } = document.documentElement.dataset;
    self.send("sample", { number: ++self.number, image, pen, used: self.used });
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
  // The hand rests, so the canvas shows the whole drawing: if the last picture did not, another one is sent.
  const rest = () => {
    tell("rests");
    const drawn = canvasRegion()?.drawn;
    if (pointer !== null || drawn?.used() !== self.used || !drawn.picture()) return; // a tool has an answer of its own
    const ink = drawn.ink();
    self.changed ||= Math.abs(ink - self.ink) > CHANGED * ink;
    self.look();
  };
  let behind = null; // since when the answer does not follow what is on the canvas
  let tries = 0; // of asking for it
  const check = () => {
    const drawn = canvasRegion()?.drawn;
    if (!drawn || pointer !== null || drawn.waits()) return (behind = null);
    if (self.follows.settled && self.follows.used >= drawn.used()) {
      tries = 0;
      return (behind = null);
    }
    behind ??= performance.now();
    if (performance.now() - behind < PATIENCE || tries >= TRIES) return;
    behind = null;
    tries += 1;
    send();
    self.look();
  };
  const checking = setInterval(check, CHECK);
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
    resting = setTimeout(rest, REST);
    self.changed = true;
    send(); // at once, before the canvas turns the stroke into its final shape
    self.look();
  };
  const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up };
  for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener, { capture: true, passive: true });
  self.answer = ({ sample, used, settled }) => {
    self.follows = { used, settled };
    if (sample <= self.number) self.answered = Math.max(sample, self.answered);
    self.look();
  };
  self.close = () => {
    clearInterval(checking);
    clearTimeout(resting);
    clearTimeout(sending);
    tell("rests");
    for (const [type, listener] of Object.entries(listeners)) removeEventListener(type, listener, { capture: true });
  };
  return self;
}
