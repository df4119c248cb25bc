// Tells the server when the picture that the network reads has changed, and while a result is pending (data.pending),
// asks for it; neither while a pen or a mouse is down, nor shortly after.
const REST = 350; // milliseconds after the pen's last move: within a digit the next stroke mostly begins sooner
const LOOK = 60; // how often to look
const PATIENCE = 3000; // after which an answer is no longer waited for
const MOVES = ["pointerdown", "pointermove", "pointerup"];

const picture = () => document.querySelector(".st-key-network_input img")?.src ?? "";

export default function ({ data, parentElement, setTriggerValue }) {
  const memory = (parentElement.followed ??= { told: picture(), moved: -REST });
  memory.stop?.();
  let asked = null; // when; null while no answer is waited for
  const note = (event) => {
    if (event.buttons || event.type === "pointerup") memory.moved = performance.now();
  };
  const look = () => {
    const now = performance.now();
    if (now - memory.moved < REST || (asked !== null && now - asked < PATIENCE)) return;
    const seen = picture();
    if (seen === memory.told && !data.pending) return;
    memory.told = seen;
    asked = now;
    setTriggerValue("changed", Math.round(now));
  };
  for (const type of MOVES) addEventListener(type, note, { capture: true, passive: true });
  const timer = setInterval(look, LOOK);
  memory.stop = () => {
    clearInterval(timer);
    for (const type of MOVES) removeEventListener(type, note, { capture: true });
  };
  return memory.stop;
}
