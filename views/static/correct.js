// The row "Was that right?". Each use of it has a number, and is reported until the server says that it has answered it.
// It belongs to one answer: while the drawing changes, or is answered anew, it is not there, only its place is.
const PATIENCE = 1500; // milliseconds, after which an unanswered use is reported again
const LOOK = 250; // milliseconds between two looks whether the row is out of date
// Where keys have another meaning; Enter has one on everything that can be pressed, too
const TYPING = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable], "
  + "[role=combobox], [role=listbox], [role=option], [role=grid], [role=spinbutton], [role=dialog], dialog";
const PRESSABLE = "button, a[href], summary, input, [role=button], [role=tab], [role=menuitem], [role=switch], [role=slider]";

function open(root) {
  const row = { number: 0, unanswered: [], data: null };
  const find = (part) => root.querySelector(part);
  const canvas = () => document.querySelector(".st-key-canvas");
  let again, looking;

  // The row shows what the server said last, unless the answer above it is newer, or about to be.
  const isCurrent = () => {
    const answered = document.querySelector(".st-key-probabilities .meters")?.dataset.sample;
    return Number(answered ?? 0) === row.data.sample;
  };
  const isDrawing = () => ["down", "lifted"].includes(document.documentElement.dataset.pen) || canvas()?.drawn?.waits();

  function show() {
    clearTimeout(looking);
    const { said, actions, digits, pressed, busy } = row.data;
    const ready = !isDrawing() && isCurrent();
    root.classList.toggle("there", Boolean(said) && (ready || row.data.stays));
    root.classList.toggle("busy", busy || !ready || row.unanswered.length > 0);
    root.classList.toggle("without-digits", !digits);
    if (find("[data-said]").textContent !== said) find("[data-said]").textContent = said;
    for (const button of root.querySelectorAll("[data-do]")) button.hidden = !actions.includes(button.dataset.do);
    for (const button of root.querySelectorAll("[data-digit]"))
      button.setAttribute("aria-pressed", Number(button.dataset.digit) === pressed);
    if (!ready || busy) looking = setTimeout(look, LOOK);
  }
  // What is on the screen is out of date: asks for what it should be, once the hand rests.
  function look() {
    if (isDrawing() || (isCurrent() && !row.data.busy) || row.unanswered.length) return show();
    use("look");
  }
  function use(what, digit = null) {
    row.unanswered.push({ number: ++row.number, do: what, digit, sample: row.data.sample });
    report();
    show();
  }
  function report() {
    clearTimeout(again);
    if (!row.unanswered.length) return;
    row.report("used", row.unanswered);
    again = setTimeout(report, PATIENCE);
  }
  const press = (button) => {
    if (root.classList.contains("busy") || !root.classList.contains("there")) return;
    if (button.dataset.digit) use("label", Number(button.dataset.digit));
    else if (button.dataset.do === "yes") use("label", row.data.answer);
    else use(button.dataset.do);
  };
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) press(button);
  };
  const key = (event) => {
    const target = event.composedPath()[0];
    if (event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(target instanceof Element) || target.closest(TYPING)) return;
    const button =
      event.key === "Enter"
        ? !target.closest(PRESSABLE) && find(":is([data-do=yes], [data-do=next]):not([hidden])")
        : /^[0-9]$/.test(event.key) && row.data.digits && find(`[data-digit="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    press(button);
  };
  document.addEventListener("keydown", key);
  document.addEventListener("pen", show);
  row.tell = (data) => {
    // Whoever begins to practise, in a tab further down, needs the canvas.
    if (row.data && row.data.practice !== data.practice)
      canvas()?.closest(".st-key-drawing_region").scrollIntoView({ block: "end", behavior: "smooth" });
    row.data = data;
    row.unanswered = row.unanswered.filter((each) => each.number > data.answered);
    if (!row.unanswered.length) clearTimeout(again);
    show();
  };
  row.close = () => {
    clearTimeout(again);
    clearTimeout(looking);
    document.removeEventListener("keydown", key);
    document.removeEventListener("pen", show);
  };
  return row;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".correct");
  root.row ??= open(root);
  root.row.report = inTurn(setTriggerValue);
  root.row.tell(data);
  return root.row.close;
}
