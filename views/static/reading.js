// The answer to the drawing: in words, as ten bars, and as the picture that the network sees.
//
// While the drawing is unfinished, only its leading digit is shown, in grey: no verdict yet. sampler.js says whether it
// is: data-pen of the whole document is "down", "lifted" or "rests".
const canvasRegion = () => document.querySelector(".st-key-canvas");

function showWords(root, data) {
  const unfinished = data.leading && ["down", "lifted"].includes(document.documentElement.dataset.pen);
  root.dataset.state = unfinished ? "unfinished" : data.state;
  const said = unfinished ? { digit: data.leading, probability: "", hint: "" } : data;
  root.style.setProperty("--length", said.digit.length || 1);
  for (const element of root.querySelectorAll("[data-text]")) {
    const text = said[element.dataset.text];
    if (element.textContent !== text) element.textContent = text;
  }
  offer(root, data.example && !unfinished);
  if (unfinished) return;
  const announcement = root.querySelector(".announcement");
  const words = data.announcement ?? "";
  if (announcement.textContent !== words) announcement.textContent = words;
}

// The button that draws an example is there only while the canvas is blank.
function offer(root, example) {
  const place = root.querySelector("[data-example]");
  const button = place.querySelector("button");
  if (!example && button) {
    if (document.activeElement === button) canvasRegion()?.drawn?.focus();
    place.replaceChildren();
  }
  if (!example || button) return;
  place.innerHTML = `<div class="st-key-example"><button type="button">Try an example</button></div>`;
  place.querySelector("button").onclick = () => document.querySelector(".tools").tools.use("example");
}

function showBars(root, { state, sample, probabilities, percentages, named }) {
  Object.assign(root.dataset, { state, sample });
  for (const meter of root.children) {
    const digit = Number(meter.dataset.meter);
    meter.setAttribute("aria-valuenow", probabilities[digit]);
    meter.setAttribute("aria-valuetext", percentages[digit]);
    meter.style.setProperty("--value", probabilities[digit]);
    meter.classList.toggle("named", named.includes(digit));
    meter.querySelector(".share").textContent = percentages[digit];
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const find = (part) => parentElement.querySelector(part);
  const self = (parentElement.reading ??= { sampler: openSampler(), boxes: openBoxes() });
  self.show = () => showWords(find(".answer"), data.answer);
  if (!self.again) document.addEventListener("pen", (self.again = () => self.show()));
  self.show();
  const showDigit = ({ bars, picture }) => {
    showBars(find(".meters"), { ...data.bars, ...bars });
    const image = find(".network-input img");
    if (image.getAttribute("src") !== picture) image.src = picture;
  };
  find(".network-input").dataset.read = data.picture; // the picture beside it may be that of one digit of a number
  self.boxes.choose = showDigit;
  if (!data.digits.length) showDigit(data);
  self.boxes.show(data.digits, data.last);
  self.sampler.send = inTurn(setTriggerValue);
  self.sampler.answer(data.bars);
  return () => {
    document.removeEventListener("pen", self.again);
    self.sampler.close();
    self.boxes.close();
    delete parentElement.reading;
  };
}
