"""The pictures of how a drawing or a file is prepared for the network, with what each step does."""

from model.preprocessing import Steps
from views.shared.figures import to_png
from views.shared.style import live_element

STEPS = (  # the fields of model.preprocessing.Steps
    (
        "threshold",
        "Threshold",
        "The ink is whatever differs from the background. If the pen was too thick for the digit, its strokes are "
        "drawn again with a thinner one.",
    ),
    ("crop", "Crop", "Cut to the digit, so that it does not matter where it was drawn. Specks are removed."),
    ("resized", "Resize", "The longer side becomes 20 pixels. Strokes that are too thick or thin become like MNIST's."),
    ("image", "Centre", "The centre of mass moves to the centre of 28×28 pixels. This is all that the network sees."),
)

_steps = live_element(
    "steps",
    '<div class="steps">'
    + "".join(
        f'<figure><img data-image="{name}" alt="{title}"><figcaption><b>{title}.</b> {what}</figcaption></figure>'
        for name, title, what in STEPS
    )
    + "</div>",
)


def draw_steps(steps: Steps) -> dict[str, str]:
    """The pictures of all steps as data URLs, each named like its field."""
    pictures = steps._asdict() | {"image": steps.image * 255}
    return {name: to_png(pictures[name]) for name, *_ in STEPS}


def show_steps(pictures: dict[str, str], key: str) -> None:
    """The pictures of `draw_steps`, with what each step does."""
    _steps(data=pictures, key=key)
