// Says that the page's style sheet is in effect, and how wide the canvas is to be. Keeps the keyboard's place on the
// page, and lets nobody show it in a frame.
const isStyled = () => getComputedStyle(document.documentElement).getPropertyValue("--sidebar") !== "";

export default function ({ parentElement, setTriggerValue }) {
  refuseFrames();
  keepFocus();
  if (parentElement.said) return;
  const look = () => {
    if (!isStyled()) return requestAnimationFrame(look);
    parentElement.said = true;
    document.documentElement.dataset.canvas = wantsWide() ? "wide" : "square";
    setTriggerValue("ready", { wide: wantsWide(), sideways: SIDEWAYS.matches });
  };
  look();
}
