// Fills elements with `data` according to their attributes, without replacing the elements themselves:
//   data-text="name"   its text becomes data.name
//   data-image="name"  its src becomes data.name
//   data-meter="3"     a meter, whose value becomes data.probabilities[3]
//   data-root          its data-state becomes data.state, a word for the style sheet, and its data-sample data.sample,
//                      the number of the picture that was read (sampler.js)
export default function ({ data, parentElement }) {
  const each = (name, change) =>
    parentElement.querySelectorAll(`[data-${name}]`).forEach((element) => change(element, element.dataset[name]));

  each("root", (element) => Object.assign(element.dataset, { state: data.state, sample: data.sample ?? "" }));
  each("text", (element, name) => {
    if (element.textContent !== data[name]) element.textContent = data[name];
  });
  each("image", (element, name) => (element.src = data[name]));
  each("meter", (element, digit) => {
    const value = data.probabilities[digit];
    element.setAttribute("aria-valuenow", value);
    element.setAttribute("aria-valuetext", data.percentages[digit]);
    element.style.setProperty("--value", value);
    element.classList.toggle("named", data.named.includes(Number(digit)));
    element.querySelector(".share").textContent = data.percentages[digit];
  });
}
