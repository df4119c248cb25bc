// The tools of the canvas. Each use of one has a number, and is reported until the server says that it has answered it.
// The pen and the width of the canvas are also kept in the browser (wide.js), so that a reload finds them again.
const PATIENCE = 1500; // milliseconds, after which an unanswered use is reported again

const region = () => document.querySelector(".st-key-canvas");
const cursor = (width) => {
  const size = Math.min(120, Math.max(6, Math.round(width))) + 2; // browsers show no cursor larger than 128 pixels
  const [middle, radius] = [size / 2, size / 2 - 1];
  const circle = `<circle cx="${middle}" cy="${middle}" r="${radius}" fill="rgb(0 0 0 / 0.5)" stroke="white"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${circle}</svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}") ${middle} ${middle}, cell`;
};

function open(root, { pen, sharpness, eraser }) {
  const slider = root.querySelector("input[type=range]");
  const eraserSwitch = root.querySelector("[role=switch]");
  const wideButton = root.querySelector("[data-tool=wide]");
  const tools = { number: 0, unanswered: [], timer: null };

  function show() {
    slider.value = tools.width;
    slider.setAttribute("aria-valuetext", `${tools.width} pixels`);
    root.querySelector("[data-width]").textContent = `${tools.width} px`;
    eraserSwitch.checked = tools.erasing;
    wideButton.setAttribute("aria-pressed", tools.wide);
    const drawn = region()?.drawn;
    if (!drawn) return;
    const width = tools.erasing ? tools.width + eraser : tools.width;
    drawn.pen = { width: width * sharpness, colour: tools.erasing ? "black" : "white" };
    const scale = region().getBoundingClientRect().height / 280;
    region().style.setProperty("--pen-cursor", tools.erasing ? cursor(width * scale) : "crosshair");
  }
  function use(tool) {
    const press = { number: ++tools.number, tool, width: tools.width, erasing: tools.erasing, wide: tools.wide };
    tools.unanswered.push(press);
    region()?.drawn?.press(press.number);
    show();
    report();
  }
  function report() {
    clearTimeout(tools.timer);
    if (!tools.unanswered.length) return;
    tools.report("used", tools.unanswered);
    tools.timer = setTimeout(report, PATIENCE);
  }
  const remember = () => {
    const { width, erasing, chosen } = tools;
    keepTools({ width, erasing, wide: chosen });
  };
  function change(width, erasing) {
    Object.assign(tools, { width, erasing });
    remember();
    use("pen");
  }

  for (const button of root.querySelectorAll("[data-tool]"))
    button.onclick = () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      if (button.dataset.tool === "clear" && tools.erasing) {
        tools.erasing = false;
        remember();
      }
      if (button === wideButton) {
        tools.chosen = tools.wide = !tools.wide;
        remember();
      }
      use(button.dataset.tool);
    };
  slider.oninput = () => {
    tools.width = slider.valueAsNumber;
    show();
  };
  slider.onchange = () => change(slider.valueAsNumber, tools.erasing);
  eraserSwitch.onchange = () => change(tools.width, eraserSwitch.checked);
  tools.use = use;

  const { wide: chosen, ...kept } = keptTools();
  Object.assign(tools, { ...pen, ...kept, chosen, wide: wantsWide() });
  const turn = () => {
    if (tools.chosen !== undefined) return;
    tools.wide = SIDEWAYS.matches;
    use("pen");
  };
  SIDEWAYS.addEventListener("change", turn);
  tools.tell = (data) => {
    tools.unanswered = tools.unanswered.filter((press) => press.number > data.answered);
    if (!tools.unanswered.length) clearTimeout(tools.timer);
    for (const button of root.querySelectorAll("[data-tool]:not([data-tool=wide])"))
      button.setAttribute("aria-disabled", !data.usable.includes(button.dataset.tool));
    // Another session than before, after a reload or because the server was restarted, does not know the pen.
    const known = data.pen.width === tools.width && data.pen.erasing === tools.erasing && data.wide === tools.wide;
    if (!known && !tools.unanswered.length) use("pen");
    show();
  };
  // With a stroke there is something to undo and to clear, before the server knows it.
  const begin = () => {
    if (document.documentElement.dataset.pen !== "down") return;
    for (const tool of ["undo", "clear"]) root.querySelector(`[data-tool=${tool}]`).setAttribute("aria-disabled", false);
  };
  document.addEventListener("pen", begin);
  region()?.addEventListener("drawn", show);
  tools.close = () => {
    clearTimeout(tools.timer);
    document.removeEventListener("pen", begin);
    SIDEWAYS.removeEventListener("change", turn);
    region()?.removeEventListener("drawn", show);
  };
  return tools;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tools");
  root.tools ??= open(root, data);
  root.tools.report = inTurn(setTriggerValue);
  root.tools.tell(data);
  return root.tools.close;
}
