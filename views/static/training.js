// A line at the top of the page that says how far the training has come. Pressing it opens the sidebar, and while that
// is open, sidebar.css hides the line. It stands outside the sidebar, which takes all it contains away when it closes.
// In data.words, what matters most comes last: where there is little room, sidebar.css leaves out the first ones.
const EXPAND = "[data-testid=stExpandSidebarButton]";

export default function ({ data, parentElement }) {
  let line = parentElement.trainingLine;
  if (!line?.isConnected) {
    line = parentElement.trainingLine = document.createElement("button");
    line.className = "training-line";
    line.onclick = () => document.querySelector(EXPAND)?.click();
    (document.querySelector(".stApp") ?? document.body).append(line);
  }
  const said = data.words.join(" · ");
  if (line.ariaLabel !== said) {
    line.ariaLabel = said;
    line.replaceChildren(
      ...data.words.map((words, place) => {
        const part = document.createElement("span");
        part.textContent = words + (place < data.words.length - 1 ? " · " : "");
        return part;
      }),
    );
  }
  line.style.setProperty("--fraction", data.fraction);
  return () => line.remove();
}
