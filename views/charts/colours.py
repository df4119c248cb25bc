"""The colours of charts.

In either theme, those of curves have a contrast of at least 3 to what is behind them, in the page and in the sidebar.
Any two can be told apart, also by people who do not see red, green or blue: they differ in lightness, too.
"""

# Blue and orange come first: they are the pair that nearly everyone can tell apart.
ON_LIGHT = ("#2563eb", "#c2570c", "#0f766e", "#870000", "#b40fb4", "#4b3c69", "#a578b4", "#000096")
ON_DARK = ("#6ea0ff", "#f28e2b", "#2dd4bf", "#f01e96", "#96f000", "#a52dff", "#78781e", "#fff0b4")
HEAT = "#2f6fed"  # a full cell of the confusion matrix, on which white text is legible
TEXT_ON_DARK, TEXT_ON_LIGHT = "#e6e6ea", "#31333f"
WHITE = "#ffffff"
BEHIND_DARK = "#0e1117"  # Streamlit's own background in the dark theme
PADDING = {"left": 0, "right": 4, "top": 0, "bottom": 0}  # pixels around a chart


def colours(dark: bool) -> tuple[str, ...]:
    """The colours of curves in the dark or the light theme, the most different ones first."""
    return ON_DARK if dark else ON_LIGHT


MAX_CURVES = len(ON_LIGHT)  # that can be told apart in one chart
