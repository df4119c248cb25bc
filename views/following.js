// Tells the server when the picture that the network reads has changed, and while a result is pending (data.pending),
// asks for it; neither while a pen or a mouse is down, nor shortly after.
const REST = 350; // milliseconds after the pen's last move: within a digit the next stroke mostly begins sooner
const LOOK = 60; // how often to look
const PATIENCE = 3000; // after which an answer is no longer waited for

let lastMove = 0;
const note = (event) => {
  if (event.buttons || event.type === "pointerup") lastMove = performance.now();
};
for (const type of ["pointerdown", "pointermove", "pointerup"]) addEventListener(type, note, { capture: true, passive: true });

const picture = () => document.querySelector(".st-key-network_input img")?.src ?? "";

export default function ({ data, parentElement, setTriggerValue }) {
  const memory = (parentElement.followed ??= { told: picture(), asked: 0 });
  memory.asked = 0; // the server has answered
  const look = () => {
    const now = performance.now();
    if (now - lastMove < REST || (memory.asked && now - memory.asked < PATIENCE)) return;
    const seen = picture();
    if (seen === memory.told && !data.pending) return;
    memory.told = seen;
    memory.asked = now;
    setTriggerValue("changed", Math.round(now));
  };
  clearInterval(memory.timer);
  memory.timer = setInterval(look, LOOK);
  return () => clearInterval(memory.timer);
}
