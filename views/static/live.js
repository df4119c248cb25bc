// Fills elements with `data` according to their attributes, without replacing the elements themselves:
//   data-text="name"   its text becomes data.name
//   data-image="name"  its src becomes data.name
//   data-meter="3"     a meter, whose value becomes data.probabilities[3]
//   data-root          its data-state becomes data.state, a word for the style sheet
export default function ({ data, parentElement }) {
  const each = (name, change) =>
    parentElement.querySelectorAll(`[data-${name}]`).forEach((element) => change(element, element.dataset[name]));

  each("root", (element) => (element.dataset.state = data.state));
  each("text", (element, name) => {
    if (element.textContent !== data[name]) element.textContent = data[name];
  });
  each("image", (element, name) => (element.src = data[name]));
  each("meter", (element, digit) => {
    const value = data.probabilities[digit];
    element.setAttribute("aria-valuenow", value);
    element.setAttribute("aria-valuetext", data.percentages[digit]);
    element.style.setProperty("--value", value);
    element.classList.toggle("highest", Number(digit) === data.highest);
    element.querySelector("output").textContent = data.percentages[digit];
  });
}
