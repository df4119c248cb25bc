// The card of one map: the kernel on what it reads at the place under the pointer, the products, and their sum.
// Everything is computed here, from the layer's input, the kernel and the bias, for each move of the pointer.
const TERMS = 3; // input channels shown one by one: those that contribute most at this place
const SIGNED = (value) => (value < 0 ? [-230 * value, -130 * value, 0, 255] : [86 * value, 180 * value, 233 * value, 255]);

function openKernelCard(strip, card) {
  const { dialog } = strip, fresh = !dialog.open;
  const kernel = { ...card };
  for (const name of ["inputs", "weights", "values", "map"]) kernel[name] = toNumbers(card[name]);
  kernel.place ??= strongestPlace(kernel.values);
  dialog.setAttribute("aria-label", `Map ${card.channel} of ${card.name}`);
  dialog.innerHTML = skeleton(kernel);
  const stage = strip.content.stages.find((each) => each.layer === card.layer);
  dialog.querySelector(".title").textContent = `Map ${card.channel}`;
  dialog.querySelector(".subtitle").textContent =
    `${stage?.long ?? card.name} (${card.name}: ${card.kind}), ${card.filters} maps in all`;
  if (stage) showNeighbours(strip, stage, card.channel);
  dialog.querySelector(".close").onclick = () => dialog.close();
  dialog.onclick = (event) => event.target === dialog && dialog.close(); // beside the card
  dialog.onclose = () => {
    strip.root.classList.remove("examined");
    strip.way.querySelector(".examined")?.classList.remove("examined");
    strip.opener?.isConnected && strip.opener.focus();
  };
  strip.root.classList.add("examined");
  strip.way.querySelectorAll(".map").forEach((each) => {
    const own = each.dataset.layer === `${card.layer}` && each.dataset.channel === `${card.channel}`;
    each.classList.toggle("examined", own);
    if (own && fresh) strip.opener = each;
  });
  paintSigned(dialog.querySelector(".target canvas"), kernel.values);
  followPointer(dialog, kernel);
  if (fresh) dialog.showModal();
  dialog.querySelector(".target .place").focus();
  showPlace(dialog, kernel);
}

const toNumbers = ({ shape, values }) => {
  const bytes = Uint8Array.from(atob(values), (each) => each.charCodeAt(0));
  return { shape, values: new Float32Array(bytes.buffer) };
};

function strongestPlace({ shape, values }) {
  const at = values.indexOf(Math.max(...values));
  return [Math.floor(at / shape[1]), at % shape[1]];
}

function skeleton(kernel) {
  const [height, width, channels] = kernel.weights.shape;
  const grid = (name, title) =>
    `<figure class="${name}"><div class="numbers" style="--columns: ${width}">${"<span></span>".repeat(height * width)}</div>` +
    `<figcaption>${title}</figcaption></figure>`;
  const term =
    '<div class="term"><figure class="read"><div class="frame"><canvas></canvas><i class="patch"></i></div><figcaption></figcaption></figure>' +
    grid("patch-values", "the patch") + "<b>×</b>" + grid("weights", "the kernel") + "<b>=</b>" + grid("products", "the products") +
    '<figure class="part"><b></b><figcaption>their sum</figcaption></figure></div>';
  return (
    '<header><h3><span class="title"></span> <small class="subtitle"></small></h3>' +
    '<button type="button" class="close" aria-label="Close">×</button></header><div class="neighbours"></div>' +
    '<div class="body"><figure class="target"><div class="frame place" tabindex="0" role="application" ' +
    'aria-label="Places of the map: move with the arrow keys" aria-describedby="kernel-sum"><canvas></canvas><i class="patch"></i></div>' +
    "<figcaption>Point at a place of the map, or at what it reads. Blue is above 0, orange below.</figcaption></figure>" +
    `<div class="terms">${term.repeat(Math.min(TERMS, channels))}</div>` +
    '<div class="result"><p class="sum" id="kernel-sum"></p><p class="after"></p></div></div>'
  );
}

// The other maps of the layer that the strip shows, dimmed; pressing one opens its card instead.
function showNeighbours(strip, stage, channel) {
  const row = strip.dialog.querySelector(".neighbours");
  const shown = stage.channels.slice(0, MAX_MAPS);
  for (const each of shown.includes(channel) ? shown : [channel, ...shown.slice(1)]) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Map ${each}`);
    button.setAttribute("aria-pressed", each === channel);
    button.append(document.createElement("canvas"));
    if (stage.channels.includes(each)) paint(button.firstChild, mapOfChannel(strip, stage, each), BLUES);
    button.onclick = () => openMap(strip, `${stage.layer}:${each}`);
    row.append(button);
  }
}

function paintSigned(canvas, { shape, values }, channel = 0) {
  const [height, width, channels = 1] = shape, image = new ImageData(width, height);
  let most = 1e-9;
  for (let i = channel; i < values.length; i += channels) most = Math.max(most, Math.abs(values[i]));
  for (let i = 0; i < height * width; i++) image.data.set(SIGNED(values[i * channels + channel] / most), 4 * i);
  Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function followPointer(dialog, kernel) {
  const [rows, columns] = kernel.values.shape;
  const go = (row, column) => {
    const clamp = (value, size) => Math.max(0, Math.min(size - 1, Math.floor(value)));
    kernel.place = [clamp(row, rows), clamp(column, columns)];
    showPlace(dialog, kernel);
  };
  dialog.onpointermove = dialog.onpointerdown = (event) => {
    const frame = event.target.closest(".frame");
    if (!frame) return;
    const { left, top, width, height } = frame.getBoundingClientRect();
    const down = (event.clientY - top) / height, right = (event.clientX - left) / width;
    if (frame.matches(".place")) return go(down * rows, right * columns);
    const [input, size] = [kernel.inputs.shape, kernel.weights.shape]; // the place whose patch has its middle here
    const middle = (i) => Math.round((([down, right][i] * input[i] - 0.5) + kernel.padding[i] - ((size[i] - 1) * kernel.dilation[i]) / 2) / kernel.strides[i]);
    go(middle(0), middle(1));
  };
  dialog.querySelector(".place").onkeydown = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    go(kernel.place[0] + step[0], kernel.place[1] + step[1]);
  };
}

// The products of one input channel at the place, row by row: [patch, weights, products, their sum].
function termOf({ inputs, weights, strides, dilation, padding, place }, channel) {
  const [height, width, channels] = weights.shape, [rows, columns] = inputs.shape;
  const patch = [], own = [], products = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const row = place[0] * strides[0] + y * dilation[0] - padding[0];
      const column = place[1] * strides[1] + x * dilation[1] - padding[1];
      const inside = row >= 0 && row < rows && column >= 0 && column < columns;
      patch.push(inside ? inputs.values[(row * columns + column) * channels + channel] : 0);
      own.push(weights.values[(y * width + x) * channels + channel]);
      products.push(patch.at(-1) * own.at(-1));
    }
  return { channel, patch, own, products, sum: products.reduce((total, each) => total + each, 0) };
}

function showPlace(dialog, kernel) {
  const channels = kernel.weights.shape[2], [rows, columns] = kernel.values.shape, [row, column] = kernel.place;
  const terms = Array.from({ length: channels }, (_, channel) => termOf(kernel, channel));
  const total = terms.reduce((sum, each) => sum + each.sum, kernel.bias);
  const first = [...terms].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, TERMS);
  const rest = terms.filter((each) => !first.includes(each)).reduce((sum, each) => sum + each.sum, 0);
  const most = Math.max(1e-9, ...first.flatMap((each) => each.products.map(Math.abs)));
  dialog.querySelectorAll(".term").forEach((element, i) => showTerm(element, kernel, first[i], most));
  frame(dialog.querySelector(".target .patch"), [column / columns, row / rows, 1 / columns, 1 / rows]);
  const parts = first.map((each) => inSum(each.sum));
  if (channels > first.length) parts.push(`${inSum(rest)} <small>(the other ${channels - first.length} channels)</small>`);
  if (kernel.bias) parts.push(`${inSum(kernel.bias)} <small>(bias)</small>`);
  dialog.querySelector(".sum").innerHTML =
    `Row ${row}, column ${column}: ${parts.join(" + ")} = <output data-sum="${total}">${number(total)}</output>`;
  showAfter(dialog.querySelector(".after"), kernel);
}

function showTerm(element, kernel, term, most) {
  const { weights, strides, dilation, padding, place, inputs } = kernel;
  const canvas = element.querySelector(".read canvas");
  if (canvas.channel !== term.channel) paintSigned(canvas, inputs, (canvas.channel = term.channel));
  const start = [0, 1].map((i) => place[i] * strides[i] - padding[i]);
  const reach = [0, 1].map((i) => (weights.shape[i] - 1) * dilation[i] + 1), [height, width] = inputs.shape;
  frame(element.querySelector(".patch"), [start[1] / width, start[0] / height, reach[1] / width, reach[0] / height]);
  const only = weights.shape[2] === 1 && kernel.first_input === 0;
  element.querySelector(".read figcaption").textContent = only ? "what it reads" : `channel ${kernel.first_input + term.channel}`;
  const largest = (values) => Math.max(1e-9, ...values.map(Math.abs));
  fill(element.querySelector(".patch-values"), term.patch, largest(term.patch));
  fill(element.querySelector(".weights"), term.own, largest(term.own));
  fill(element.querySelector(".products"), term.products, most);
  element.querySelector(".part b").textContent = number(term.sum);
}

function fill(figure, values, most) {
  figure.querySelectorAll("span").forEach((cell, i) => {
    cell.textContent = number(values[i], 2);
    cell.dataset.value = values[i];
    cell.className = values[i] < 0 ? "negative" : "positive";
    cell.style.setProperty("--strength", Math.abs(values[i]) / most);
  });
}

// What becomes of the value on its way to the map.
function showAfter(paragraph, { through, values, box, map, map_box, place }) {
  const share = (i) => (place[i] + 0.5) / values.shape[i]; // down, right
  const at = [0, 1].map((i) => Math.floor(((box[1 - i] + share(i) * box[3 - i] - map_box[1 - i]) / map_box[3 - i]) * map.shape[i] + 1e-6));
  const inside = at.every((each, i) => each >= 0 && each < map.shape[i]);
  const value = inside ? map.values[at[0] * map.shape[1] + at[1]] : null;
  const pooled = through.some((each) => each.includes("Pooling"));
  const words = through.length ? `Then come ${through.join(", ")}` : "This is the value on the map";
  const result = value === null ? "this place is not part of the map" : `the map has <b data-map="${value}">${number(value)}</b> here`;
  paragraph.innerHTML = through.length ? `${words}: ${result}${pooled && value !== null ? ", from all places that are pooled into it" : ""}.` : `${words}.`;
}

function frame(element, [left, top, width, height]) {
  element.style.cssText = `left: ${100 * left}%; top: ${100 * top}%; width: ${100 * width}%; height: ${100 * height}%`;
}

const number = (value, digits = 3) => value.toFixed(digits).replace(/^-0(\.0+)$/, "0$1").replace("-", "−");
const inSum = (value) => (number(value).startsWith("−") ? `(${number(value)})` : number(value));
