// The answer in words. While the drawing is unfinished, only its leading digit is shown, in grey: no verdict yet.
// sampler.js says whether it is: data-pen of the whole document is "down", "lifted" or "rests".
const region = () => document.querySelector(".st-key-canvas");

function show(root) {
  const { data } = root;
  const unfinished = data.leading && ["down", "lifted"].includes(document.documentElement.dataset.pen);
  root.dataset.state = unfinished ? "unfinished" : data.state;
  const said = unfinished ? { digit: data.leading, probability: "", hint: "" } : data;
  root.style.setProperty("--length", said.digit.length || 1);
  for (const element of root.querySelectorAll("[data-text]")) {
    const text = said[element.dataset.text];
    if (element.textContent !== text) element.textContent = text;
  }
  if (unfinished) return offer(root, false);
  offer(root, data.example);
  const announcement = root.querySelector(".announcement");
  const words = data.announcement ?? "";
  if (announcement.textContent !== words) announcement.textContent = words;
}

// The button that draws an example is there only while the canvas is blank.
function offer(root, example) {
  const place = root.querySelector("[data-example]");
  const button = place.querySelector("button");
  if (!example && button) {
    if (document.activeElement === button) region()?.drawn?.focus();
    place.replaceChildren();
  }
  if (!example || button) return;
  place.innerHTML = `<div class="st-key-example"><button type="button">Try an example</button></div>`;
  place.querySelector("button").onclick = () => document.querySelector(".st-key-tools .tools").tools.use("example");
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector("[data-root]");
  root.data = data;
  if (!root.again) {
    root.again = () => show(root);
    document.addEventListener("pen", root.again);
  }
  show(root);
  return () => {
    document.removeEventListener("pen", root.again);
    delete root.again;
  };
}
