// The canvas hides its toolbar along its upper edge, where the toolbar still receives pointer events: a stroke that
// begins there would press an invisible button. This moves the toolbar above the canvas, and out of reach while hidden.
const STYLE = `
  .dc-toolbar { top: -2.65rem !important; transition: opacity 0.15s !important; }
  .dc-root:not(:hover) > .dc-toolbar:not(:hover, :focus-within, [data-pinned="true"]) { pointer-events: none; }
`;

export default function ({ parentElement }) {
  const region = parentElement.closest(".st-key-canvas");
  const restyle = () => {
    const canvas = [...(region?.querySelectorAll("*") ?? [])].find((element) => element.shadowRoot?.querySelector(".dc-root"));
    if (!canvas) return setTimeout(restyle, 50);
    if (!canvas.shadowRoot.querySelector("[data-restyled]")) {
      const style = document.createElement("style");
      style.dataset.restyled = "";
      style.textContent = STYLE;
      canvas.shadowRoot.append(style);
    }
  };
  restyle();
}
