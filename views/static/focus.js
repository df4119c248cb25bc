// Keeps the keyboard's place. When what has the focus is taken away or switched off by an answer of the server, the focus
// would fall to the whole page, and the Tab key would begin at its top.
const FOCUSABLE = "button:enabled, a[href], input:enabled, select:enabled, textarea:enabled, summary, [tabindex='0']";

function keepFocus() {
  if (document.keptFocus) return;
  document.keptFocus = true;
  let last = null; // what had the focus last
  let around = []; // the elements around it, from the inside out
  let byKey = false; // whether the page was last used from the keyboard
  let due = false;
  addEventListener("keydown", () => (byKey = true), true);
  addEventListener("pointerdown", () => (byKey = false), true);
  addEventListener("focusin", ({ target }) => {
    last = target;
    around = [];
    for (let each = target.parentElement; each; each = each.parentElement) around.push(each);
  });
  const usable = (element) => element.isConnected && !element.disabled && element.getClientRects().length > 0;
  const look = () => {
    due = false;
    if (!byKey || last === null || document.activeElement !== document.body || usable(last)) return;
    const near = around.filter((each) => each.isConnected).map((each) => [...each.querySelectorAll(FOCUSABLE)].find(usable));
    const next = near.find(Boolean);
    last = null;
    if (next) next.focus({ preventScroll: true });
    else document.querySelector(".st-key-canvas")?.drawn?.focus();
  };
  const later = () => (due ||= Boolean(requestAnimationFrame(look)));
  new MutationObserver(later).observe(document.body, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}
