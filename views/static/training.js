// A line at the top of the page that says how far the training has come. Pressing it opens the sidebar, and while that
// is open, sidebar.css hides the line. It stands outside the sidebar, which takes all it contains away when it closes.
const EXPAND = "[data-testid=stExpandSidebarButton]";

export default function ({ data, parentElement }) {
  let line = parentElement.trainingLine;
  if (!line?.isConnected) {
    line = parentElement.trainingLine = document.createElement("button");
    line.className = "training-line";
    line.onclick = () => document.querySelector(EXPAND)?.click();
    (document.querySelector(".stApp") ?? document.body).append(line);
  }
  if (line.textContent !== data.text) line.textContent = data.text;
  line.style.setProperty("--fraction", data.fraction);
  return () => line.remove();
}
