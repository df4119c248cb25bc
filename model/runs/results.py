"""How well the network of a run reads, from the metrics in run.json, which may be old, damaged or edited."""

from dataclasses import dataclass

from model.data import Score
from model.files import read_json
from model.paths import SHIPPED_RUN
from model.runs.values import finite

# How many test images these have, for runs from before the number was kept
TEST_IMAGES = {"mnist": 10_000, "digits": 359}


@dataclass(frozen=True)
class Results:
    """What a network reads correctly, as far as it is known."""

    test_accuracy: float | None = None
    """0–1, on the test images of the data it was trained on."""
    tested: Score | None = None
    """The same, counted."""
    real_drawings: Score | None = None
    """On the shared set of real drawings; of a cross-validation, of all its networks together."""


def results_of(metrics: object, data: str) -> Results:
    """The results in the metrics of a run.json, whatever these are, of a run on this data."""
    metrics = metrics if isinstance(metrics, dict) else {}
    accuracy = finite(metrics.get("test_accuracy"))
    if accuracy is not None and not 0 <= accuracy <= 1:
        accuracy = None
    tested = _count(accuracy, metrics.get("test_images", TEST_IMAGES.get(data)))
    return Results(accuracy, tested, read_score(metrics.get("real_drawings")))


def shipped_results() -> Results:
    """The results of the built-in network."""
    return results_of(read_json(SHIPPED_RUN).get("metrics"), "mnist")


def _count(accuracy: float | None, images: object) -> Score | None:
    """The accuracy as a score on so many images, if it can be one: it is kept with six decimals."""
    if accuracy is None or not isinstance(images, int) or images < 1:
        return None
    right = round(accuracy * images)
    return Score(right, images) if abs(right / images - accuracy) < 2e-6 else None


def read_score(kept: object) -> Score | None:
    """A score as JSON files keep it; None if it is damaged."""
    right, images = (kept.get("right"), kept.get("images")) if isinstance(kept, dict) else (None, None)
    if type(right) is int and type(images) is int and 0 <= right <= images and images:
        return Score(right, images)
    return None
