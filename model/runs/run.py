"""A run as it is read from its folder, whose files may be damaged or edited: every value is checked."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.files import Remembered, is_file, stamp
from model.networks import NETWORKS
from model.preprocessing import STEPS
from model.runs.about import ABOUT_FILE, About, read_about
from model.runs.checks import MAX_FOLDS, RAY
from model.runs.folds import fold_folder
from model.runs.progress import Progress
from model.runs.record import MODEL_FILE, RUN_FILE, read_run_file
from model.runs.results import Results, results_of
from model.runs.settings import Settings
from model.runs.sweeps import list_trials, trial_folder
from model.runs.taught import taught_in_words
from model.runs.values import MAX_OWNER, finite, is_name, name_of, text

MAX_ERROR, MAX_DATA, MAX_NETWORK = 1_000, 400, 40  # characters that are shown
MAX_NEEDS = 3  # sentences
STATUSES = ("queued", "running", "done", "cancelled", "failed")
MAX_KNOWN = 1_000  # runs that are remembered
MAX_TIME = 4e9  # seconds since 1970: the year 2096; beyond it, not every system can convert it to a date
STOPPED = (
    "The training stopped unexpectedly. Its curves and its last complete epoch are kept: train again, or continue it "
    "with train.py --resume."
)


@dataclass(frozen=True)
class Run:
    """What the folder of a run says."""

    folder: Path
    about: About
    """What people say of it."""
    status: str
    """queued, running, done, cancelled or failed."""
    error: str | None
    """Why it failed, in a sentence."""
    network: str
    data: str
    epochs: int | None
    """How many it was to train."""
    folds: int | None
    """How many it was to train; None without cross-validation."""
    sweep: Settings | None
    """The settings of a sweep; None for any other training."""
    progress: Progress
    number: int
    """1 for the first run in its folder; 0 if unknown, as for runs from before there were numbers."""
    started: float
    """Seconds since 1970; 0.0 if unknown."""
    seconds: float | None
    """How long it has trained so far."""
    skipped: tuple[str, ...]
    """The steps that the preparation of its network's drawings does without."""
    elsewhere: bool
    """Whether its parts are trained on a cluster, whose nodes the page cannot hand anything to."""
    holds_out: bool
    """Whether it is validated on training images held out, not on test images."""
    results: Results
    """What its network reads correctly; of a cross-validation, only what its networks read of the real drawings."""
    needs: tuple[str, ...]
    """What somebody else's network needed to be used here, in sentences; none for what was trained here."""
    taught: str | None
    """What teaching it somebody's drawings has changed, in sentences; None for any other training."""
    owner: str | None
    """Which visitor of the page started it; None if nobody knows."""
    ticket: int
    """Its place in the queue: the lowest number comes first."""
    size: int
    """Bytes of all its files."""

    @property
    def name(self) -> str:
        """The name of its folder, which is unique among runs; if that cannot be shown, one made of it."""
        return name_of(self.folder)

    @property
    def order(self) -> tuple[int, float, str]:
        """What sorts runs by age. The clock may have been set back, so it only counts where there are no numbers."""
        return self.number, self.started, self.name

    @property
    def is_dated(self) -> bool:
        """Whether it is known which runs are older."""
        return bool(self.number or self.started)

    @property
    def test_accuracy(self) -> float | None:
        """0–1, on the test images of its data."""
        return self.results.test_accuracy

    @property
    def model_file(self) -> Path:
        """Where its network is, if it has one."""
        return self.folder / MODEL_FILE

    @property
    def part_folder(self) -> Path:
        """Where its curves and snapshots are: those of the last fold, or of the last trial until the best is found."""
        if self.folds:
            return _last_begun([fold_folder(self.folder, number) for number in range(1, self.folds + 1)])
        if self.sweep and self.status != "done":
            return _last_begun([trial_folder(self.folder, trial.number) for trial in list_trials(self.sweep)])
        return self.folder

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or trains."""
        return self.status in ("queued", "running")

    @property
    def usable(self) -> bool:
        """Whether it left a network to read with."""
        return not self.is_unfinished and self.folds is None and is_name(self.folder.name) and is_file(self.model_file)


def _last_begun(parts: list[Path]) -> Path:
    """The last of these folders that is there; the first if none is."""
    with contextlib.suppress(OSError):
        return next((part for part in reversed(parts) if part.is_dir()), parts[0])
    return parts[0]


_known: Remembered[Run] = Remembered(MAX_KNOWN)


def load_run(folder: Path, training: bool) -> Run:
    """The run in a folder. `training` says whether its trainer is alive, whatever run.json claims.

    A run that has not changed is read once for all pages of this process. A trainer replaces run.json twice a second,
    and whatever it saves beside it changes the folder.
    """
    stamped = stamp(folder, folder / RUN_FILE, folder / ABOUT_FILE)
    return _known.get((folder, training), stamped, lambda: _load_run(folder, training))


def _load_run(folder: Path, training: bool) -> Run:
    try:
        content = read_run_file(folder)
        status, error = content.get("status"), content.get("error")
    except InputError as reason:
        content, status, error = {"settings": {}}, "failed", str(reason)
    if status == "running" and not training:
        status, error = "failed", STOPPED
    if status == "queued" and training:
        status = "running"  # its trainer is about to say so
    if status not in STATUSES:
        status, error = "failed", f"{RUN_FILE} has an unknown status: delete the run, or repair the file."
    if not is_name(folder.name):
        status, error = "failed", "The name of its folder cannot be used: rename the folder."
    settings, metrics = content["settings"], content.get("metrics")
    data = text(settings.get("data"), MAX_DATA) or "?"
    epochs, folds = finite(settings.get("epochs")), finite(settings.get("folds"))
    number, started = finite(content.get("number")), finite(content.get("started"))
    return Run(
        folder=folder,
        about=read_about(folder),
        status=status,
        error=text(error, MAX_ERROR),
        network=text(settings.get("network"), MAX_NETWORK) or "?",
        data=data,
        epochs=None if epochs is None else int(epochs),
        folds=int(folds) if folds is not None and 2 <= folds <= MAX_FOLDS else None,
        sweep=_sweep(settings),
        progress=Progress.from_json(content.get("progress")),
        number=max(0, int(number or 0)),
        started=started if started is not None and 0 < started < MAX_TIME else 0.0,
        seconds=finite(content.get("seconds")),
        skipped=tuple(step for step in STEPS if settings.get(step) is False),
        elsewhere=settings.get("engine") == RAY,
        holds_out=_holds_out(settings),
        results=results_of(metrics, data),
        needs=_needs(metrics),
        taught=taught_in_words(metrics, data),
        owner=text(content.get("owner"), MAX_OWNER),
        ticket=max(0, int(finite(content.get("ticket")) or 0)),
        size=folder_size(folder),
    )


def _holds_out(settings: dict[str, Any]) -> bool:
    """Whether a run with these settings, which may be damaged, holds training images out."""
    known = NETWORKS.get(str(settings.get("network")))
    held_out = known is not None and known.recipe.held_out > 0
    return held_out or any(settings.get(name) is not None for name in ("folds", "patience", "held_out"))


def _needs(metrics: object) -> tuple[str, ...]:
    said = metrics.get("needs") if isinstance(metrics, dict) else None
    texts = (text(each, MAX_ERROR) for each in said[:MAX_NEEDS]) if isinstance(said, list) else ()
    return tuple(filter(None, texts))


def _sweep(settings: dict[str, Any]) -> Settings | None:
    """The settings of a sweep, unless they are damaged."""
    if settings.get("sweep") is None:
        return None
    with contextlib.suppress(InputError, TypeError):
        return Settings.from_json(settings)
    return None


def folder_size(folder: Path) -> int:
    """Bytes of all files in a run folder, folds included; 0 if it does not exist."""
    total = 0
    with contextlib.suppress(OSError):
        for path in folder.rglob("*"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size if path.is_file() else 0
    return total
