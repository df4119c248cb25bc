// Whether the canvas is to be wide: as it was chosen last, and until then on a phone that is turned sideways.
const KEPT_TOOLS = "draw-a-digit-pen";
const SIDEWAYS = matchMedia("(orientation: landscape) and (max-height: 479px) and (pointer: coarse)");

function keptTools() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_TOOLS)) ?? {};
  } catch {
    return {}; // nothing that can be read was kept
  }
}

function keepTools(tools) {
  try {
    localStorage.setItem(KEPT_TOOLS, JSON.stringify(tools));
  } catch {
    // The browser keeps nothing, or has no room left: they hold until the next reload.
  }
}

const wantsWide = () => keptTools().wide ?? SIDEWAYS.matches;
