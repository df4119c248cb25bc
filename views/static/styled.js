// Says that the page's style sheet is in effect, and keeps the keyboard's place on it.
const isStyled = () => getComputedStyle(document.documentElement).getPropertyValue("--sidebar") !== "";

export default function ({ parentElement, setTriggerValue }) {
  keepFocus();
  if (parentElement.said) return;
  const look = () => {
    if (!isStyled()) return requestAnimationFrame(look);
    parentElement.said = true;
    setTriggerValue("ready", true);
  };
  look();
}
