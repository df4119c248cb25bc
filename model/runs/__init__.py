"""A training run is a folder. This package has its settings, progress, history, lock and process, and lists all runs.

runs/20261122-161500-keras-cnn/
  run.json      settings, checksums of the data, status, process id, progress, final metrics, error
  history.csv   one row per epoch, counted from 1
  model.keras   the network after the last complete epoch

Each file is written so that a reader never sees half of it. Cross-validation trains one network for each fold, so its
run has no network of its own; folds.py says what it holds instead.
"""

from model.runs.folds import Fold, Summary, fold_folder, latest_fold, read_fold, read_folds, summarise
from model.runs.history import HISTORY_FILE, append_history, keep_history, read_history
from model.runs.launch import ALREADY_RUNNING, Launch, cancel_training, resume_training, start_training
from model.runs.lock import is_training, training_lock
from model.runs.progress import Progress, duration
from model.runs.record import (
    MODEL_FILE,
    RUN_FILE,
    Record,
    read_run_file,
    remove_leftovers,
    reporting,
    write_run_file,
)
from model.runs.results import Results, shipped_results
from model.runs.run import Run, load_run
from model.runs.settings import (
    EMBEDDED_TRAINING_IMAGES,
    FILES,
    Settings,
    check_data,
    check_settings,
    checksums,
    flag,
    held_out_count,
    learned_numbers,
    setting,
    split_paths,
)
from model.runs.store import (
    MAX_RUNS,
    MAX_RUNS_BYTES,
    claim_training,
    current_training,
    delete_run,
    list_runs,
    make_room,
    new_run_name,
    run_in_use,
    running_run,
    runs_folder,
    usable_runs,
    use_run,
)

__all__ = [
    "ALREADY_RUNNING",
    "EMBEDDED_TRAINING_IMAGES",
    "FILES",
    "HISTORY_FILE",
    "MAX_RUNS",
    "MAX_RUNS_BYTES",
    "MODEL_FILE",
    "RUN_FILE",
    "Fold",
    "Launch",
    "Progress",
    "Record",
    "Results",
    "Run",
    "Settings",
    "Summary",
    "append_history",
    "cancel_training",
    "check_data",
    "check_settings",
    "checksums",
    "claim_training",
    "current_training",
    "delete_run",
    "duration",
    "flag",
    "fold_folder",
    "held_out_count",
    "is_training",
    "keep_history",
    "latest_fold",
    "learned_numbers",
    "list_runs",
    "load_run",
    "make_room",
    "new_run_name",
    "read_fold",
    "read_folds",
    "read_history",
    "read_run_file",
    "remove_leftovers",
    "reporting",
    "resume_training",
    "run_in_use",
    "running_run",
    "runs_folder",
    "setting",
    "shipped_results",
    "split_paths",
    "start_training",
    "summarise",
    "training_lock",
    "usable_runs",
    "use_run",
    "write_run_file",
]
