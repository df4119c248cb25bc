"""Charts as Vega-Lite specifications, made with Altair. They keep no state."""
