"""The charts, as Vega-Lite specifications made with Altair, and their colours."""
