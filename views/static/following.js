// Tells the server that the picture which the network reads has changed and, while a result is pending (data.pending),
// asks for it. It does neither while a pen or a mouse button is down, nor shortly after.
const REST = 350; // milliseconds after the pen's last move; within a digit, the next stroke usually begins sooner
const INTERVAL = 60; // milliseconds between checks
const PATIENCE = 3000; // milliseconds, after which it asks again
const MOVES = ["pointerdown", "pointermove", "pointerup"];

const picture = () => document.querySelector(".st-key-network_input img")?.src ?? "";

export default function ({ data, parentElement, setTriggerValue }) {
  const report = inTurn(setTriggerValue);
  const memory = (parentElement.followed ??= { told: picture(), moved: -REST });
  memory.stop?.();
  let asked = null; // the time of the last question; null once it is answered
  const note = (event) => {
    if (event.buttons || event.type === "pointerup") memory.moved = performance.now();
  };
  const look = () => {
    const now = performance.now();
    if (now - memory.moved < REST || (asked !== null && now - asked < PATIENCE)) return;
    const seen = picture();
    if (seen === memory.told && !data.pending && asked === null) return;
    memory.told = seen;
    asked = now;
    report("changed", Math.round(now));
  };
  for (const type of MOVES) addEventListener(type, note, { capture: true, passive: true });
  const timer = setInterval(look, INTERVAL);
  memory.stop = () => {
    clearInterval(timer);
    for (const type of MOVES) removeEventListener(type, note, { capture: true });
  };
  return memory.stop;
}
