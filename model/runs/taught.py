"""A training that teaches a network somebody's drawings: which network that is, and what has come of it, in words."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, TypeGuard

from model.errors import InputError
from model.files import read_json
from model.networks import NETWORKS, OWN
from model.paths import SHIPPED_NETWORK, SHIPPED_RUN
from model.preprocessing import STEPS
from model.runs.record import RUN_FILE
from model.runs.values import finite
from model.verdict import percent

DIGITS = tuple("0123456789")


def inherited(path: str) -> dict[str, Any]:
    """What a training takes over that goes on from the .keras file of a run, or from the built-in network's.

    Which network it is, its recipe if it is somebody's own, and the steps that its drawings are prepared without.
    Raises InputError if there is nothing beside the file that says so.
    """
    file = Path(path).absolute()
    record = SHIPPED_RUN if file == SHIPPED_NETWORK else file.parent / RUN_FILE
    settings = read_json(record).get("settings")
    name = settings.get("network") if isinstance(settings, dict) else None
    if not isinstance(settings, dict) or name not in (*NETWORKS, OWN):
        raise InputError(f"Nothing beside {path} says which network it holds: name it with --network.")
    found: dict[str, Any] = {"network": name} | {step: False for step in STEPS if settings.get(step) is False}
    return found | ({"recipe": json.dumps(settings.get("recipe"))} if name == OWN else {})


def taught_in_words(metrics: object, data: str) -> str | None:
    """What the metrics of a run on `data` say about teaching, in sentences; None if they do not, or are damaged."""
    taught = metrics.get("taught") if isinstance(metrics, dict) else None
    return what_was_taught(taught, data) if _is_whole(taught) else None


def _is_whole(taught: object) -> TypeGuard[dict[str, Any]]:
    """Whether nothing of `metrics["taught"]` is missing or damaged."""
    if not isinstance(taught, dict) or not isinstance(taught.get("per_digit"), dict):
        return False
    counts = (finite(taught.get(name)) for name in ("before", "after", "held_out"))
    shares = (finite(taught.get(f"test_{when}")) for when in ("before", "after"))
    return (
        all(count is not None and count >= 0 for count in counts)
        and all(share is not None and 0 <= share <= 1 for share in shares)
        and all(digit in DIGITS and _are_answers(answers) for digit, answers in taught["per_digit"].items())
    )


def _are_answers(answers: object) -> bool:
    """Whether they are the digits that were answered before and after."""
    if not isinstance(answers, dict):
        return False
    given = [answers.get("before"), answers.get("after")]
    return all(isinstance(each, list) and each and all(map(_is_digit, each)) for each in given)


def _is_digit(answer: object) -> bool:
    return type(answer) is int and 0 <= answer <= 9


def what_was_taught(taught: dict[str, Any], data: str) -> str:
    """What teaching has changed, from `metrics["taught"]` of a run on `data`, in sentences.

    Such as "Of 20 of your drawings held out, 17 → 19 are read right. Your 6: 5 → 6. MNIST: 99.29 → 99.27 %."
    """
    sentences = []
    before, after, held_out = (taught[name] for name in ("before", "after", "held_out"))
    if held_out:
        sentences.append(f"Of {held_out} of your drawings held out, {before} → {after} are read right.")
        sentences += [
            f"Your {digit}: {_usual(answers['before'])} → {_usual(answers['after'])}."
            for digit, answers in taught["per_digit"].items()
            if _usual(answers["before"]) != _usual(answers["after"])
        ]
    what = "MNIST" if data == "mnist" else "Test images"
    sentences.append(f"{what}: {percent(taught['test_before'])[:-2]} → {percent(taught['test_after'])}.")
    if after < before:
        sentences.append("It reads fewer of your drawings than before: keep the network that you had, or draw more.")
    return " ".join(sentences)


def _usual(answers: list[int]) -> int:
    """What is answered most often."""
    return Counter(answers).most_common(1)[0][0]
