"""The colours of charts. page.css gives pictures and bars the same ones."""

# Blue and orange: nearly everyone can tell them apart, and they stand out on white and on black.
BLUE, ORANGE = "#3b82f6", "#f28e2b"
HEAT = "#2f6fed"  # a full cell of the confusion matrix, on which white text is legible
TEXT_ON_DARK, TEXT_ON_LIGHT = "#e6e6ea", "#31333f"
WHITE = "#ffffff"
PADDING = {"left": 0, "right": 4, "top": 0, "bottom": 0}  # pixels around a chart
