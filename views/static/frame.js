// A page of another site may not show this one in a frame, where a click that is meant for that site would be one here.
// Where a server in between adds `frame-ancestors` to what it sends, it does not come to this.
function isFramed() {
  if (window.top === window.self) return false;
  try {
    return window.top.location.origin !== location.origin; // throws if that is another site
  } catch {
    return true;
  }
}

function refuseFrames() {
  if (!isFramed()) return;
  const link = document.createElement("a");
  Object.assign(link, { href: location.href, target: "_blank", rel: "noopener", textContent: "Open Draw a Digit in a page of its own" });
  document.body.replaceChildren(link);
}
