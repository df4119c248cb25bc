"""Trains folds and the trials of a sweep on a Ray cluster.

The trainer is the driver: it alone holds the run folder and writes into it. Each fold or trial trains in a scratch
folder of the node that it happens to be on, and what it has learned comes back through Ray, so that the nodes need no
common disk. Ray is imported only when a training asks for it, and Keras only on the nodes.
"""

from pathlib import Path

from model.cluster.folds import cross_validate
from model.cluster.sweeps import sweep
from model.runs import Record

__all__ = ["run"]


def run(folder: Path, record: Record) -> None:
    """Trains as the record's settings say, on the cluster that RAY_ADDRESS names or else on this machine.

    Leaves the results in `folder`. Raises InputError if Ray, the cluster, the data or the settings cannot be used.
    """
    if record.settings.folds:
        cross_validate(folder, record, record.settings.folds)
    else:
        sweep(folder, record)
