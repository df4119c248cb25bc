// Says that the page's style sheet is in effect.
const isStyled = () => getComputedStyle(document.documentElement).getPropertyValue("--sidebar") !== "";

export default function ({ parentElement, setTriggerValue }) {
  if (parentElement.said) return;
  const look = () => {
    if (!isStyled()) return requestAnimationFrame(look);
    parentElement.said = true;
    setTriggerValue("ready", true);
  };
  look();
}
