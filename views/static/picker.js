// Shows data.html and reports which of its buttons was pressed, by the number in its data-index.
export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".picker");
  if (!root) {
    root = document.createElement("div");
    root.className = "picker";
    parentElement.append(root);
  }
  if (root.shown !== data.html) root.innerHTML = root.shown = data.html;
  root.onclick = (event) => {
    const button = event.target.closest("[data-index]");
    if (button) inTurn(setTriggerValue)("chosen", Number(button.dataset.index));
  };
}
