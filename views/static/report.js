// Streamlit sends together what elements report within one turn of the event loop, and then runs the fragment of the first
// of them alone. So whatever reports to a fragment waits here until the report before it has been sent.
function inTurn(report) {
  return (...what) => {
    const before = (document.reported ??= Promise.resolve());
    document.reported = before.then(() => {
      report(...what);
      return new Promise((done) => setTimeout(done)); // after the timer with which Streamlit sends it
    });
  };
}
