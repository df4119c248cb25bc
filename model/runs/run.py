"""A run as it is read from its folder, whose files may be damaged or edited: every value is checked."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from model.errors import InputError
from model.runs.progress import Progress, finite
from model.runs.record import MODEL_FILE, RUN_FILE, read_run_file
from model.runs.results import Results, results_of
from model.runs.settings import MAX_FOLDS

MAX_TIME = 4e9  # seconds since 1970: the year 2096; beyond it, not every system can convert it to a date
STOPPED = (
    "The training stopped unexpectedly. Its curves and its last complete epoch are kept: train again, or continue it "
    "with train.py --resume."
)


@dataclass(frozen=True)
class Run:
    """What the folder of a run says."""

    folder: Path
    status: str
    """running, done, cancelled or failed."""
    error: str | None
    """Why it failed, in a sentence."""
    network: str
    data: str
    epochs: int | None
    """How many it was to train."""
    folds: int | None
    """How many it was to train; None without cross-validation."""
    progress: Progress
    started: float
    """Seconds since 1970; 0.0 if unknown."""
    seconds: float | None
    """How long it has trained so far."""
    results: Results
    """What its network reads correctly; of a cross-validation, nothing is known."""
    size: int
    """Bytes of all its files."""

    @property
    def name(self) -> str:
        """The name of its folder, which is unique among runs."""
        return self.folder.name

    @property
    def test_accuracy(self) -> float | None:
        """0–1, on the test images of its data."""
        return self.results.test_accuracy

    @property
    def model_file(self) -> Path:
        """Where its network is, if it has one."""
        return self.folder / MODEL_FILE

    @property
    def usable(self) -> bool:
        """Whether it left a network to read with."""
        return self.status != "running" and self.folds is None and self.model_file.is_file()


def load_run(folder: Path, training: bool) -> Run:
    """The run in a folder. `training` says whether its trainer is alive, whatever run.json claims."""
    try:
        content = read_run_file(folder)
        status, error = content.get("status"), content.get("error")
    except InputError as reason:
        content, status, error = {"settings": {}}, "failed", str(reason)
    if status == "running" and not training:
        status, error = "failed", STOPPED
    if status not in ("running", "done", "cancelled", "failed"):
        status, error = "failed", f"{RUN_FILE} has an unknown status: delete the run, or repair the file."
    settings = content["settings"]
    data = str(settings.get("data", "?"))[:400]
    epochs, folds = finite(settings.get("epochs")), finite(settings.get("folds"))
    started = finite(content.get("started"))
    return Run(
        folder=folder,
        status=status,
        error=error if isinstance(error, str) else None,
        network=str(settings.get("network", "?"))[:40],
        data=data,
        epochs=None if epochs is None else int(epochs),
        folds=int(folds) if folds is not None and 2 <= folds <= MAX_FOLDS else None,
        progress=Progress.from_json(content.get("progress")),
        started=started if started is not None and 0 < started < MAX_TIME else 0.0,
        seconds=finite(content.get("seconds")),
        results=results_of(content.get("metrics"), data),
        size=folder_size(folder),
    )


def folder_size(folder: Path) -> int:
    """Bytes of all files in a run folder, folds included; 0 if it does not exist."""
    total = 0
    with contextlib.suppress(OSError):
        for path in folder.rglob("*"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size if path.is_file() else 0
    return total
