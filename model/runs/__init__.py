"""A training run is a folder. This package has its settings, progress, history, locks and process, and lists all runs.

runs/20261122-161500-keras-cnn/
  run.json      settings, checksums of the data, status, process id, progress, final metrics, error
  history.csv   one row per epoch, counted from 1
  moments.csv   several rows per epoch, so that the curves grow while it runs
  model.keras   the network after the last complete epoch
  readings.csv  what it said about eleven drawings, second by second
  filters.npz   its first layer meanwhile
  recipe.json   of a network of one's own: its layers, for train.py --recipe
  about.json    what people say of it: a name and notes
  wish.json     what the page wishes of the trainer: to pause, to go on
  drawings.json the visitor's drawings, which the page hands to the trainer
  log/          for TensorBoard, if that was asked for

Each file is written so that a reader never sees half of it. Cross-validation trains one network for each fold, so its
run has no network of its own; folds.py says what it holds instead, and sweeps.py what a sweep holds.
"""

from model.runs.about import MAX_NOTES, MAX_TITLE, About, check_title, read_about, write_about
from model.runs.adopted import adopt_network
from model.runs.checks import ENGINES, FILES, LOCAL, RAY, check_settings, flag, split_paths, swept_values
from model.runs.chosen import chosen_network, held_out_count, learned_numbers
from model.runs.control import PAUSED, Wish, forget_wishes, pass_on, wish, wished
from model.runs.files import check_data, checksums, notes_on_data, with_absolute_paths
from model.runs.folds import (
    SCORE_FILE,
    Fold,
    Summary,
    finish_fold,
    fold_folder,
    fold_metrics,
    is_finished,
    keep_drawings_score,
    read_fold,
    read_folds,
    summarise,
)
from model.runs.history import (
    HISTORY_FILE,
    MOMENTS_FILE,
    append_history,
    append_moment,
    keep_history,
    read_history,
    read_moments,
)
from model.runs.launch import OCCUPIED
from model.runs.lock import AnotherTrainingError, is_training, queue_lock, training_lock
from model.runs.parts import Parts
from model.runs.progress import Progress, duration
from model.runs.queue import (
    MAX_WAITING,
    MAX_WAITING_EACH,
    QUEUE_FULL,
    cancel_training,
    queue_again,
    queue_training,
    start_next,
    waiting_runs,
)
from model.runs.record import (
    MODEL_FILE,
    RECIPE_FILE,
    RUN_FILE,
    Record,
    check_clock,
    read_run_file,
    remove_leftovers,
    reporting,
    write_run_file,
)
from model.runs.results import Results, shipped_results
from model.runs.run import Run, load_run
from model.runs.settings import EMBEDDED_TRAINING_IMAGES, Settings, setting
from model.runs.snapshots import (
    MAX_FILTERS,
    MAX_FRAMES,
    MAX_READINGS,
    Answer,
    Frames,
    Moment,
    Thinned,
    append_reading,
    hand_over,
    keep_snapshots,
    read_drawings,
    read_frames,
    read_readings,
    write_frames,
    write_readings,
)
from model.runs.store import (
    MAX_RUNS,
    MAX_RUNS_BYTES,
    claim_training,
    current_training,
    delete_run,
    find_run,
    has_network,
    latest_run,
    list_runs,
    make_room,
    new_run_name,
    next_number,
    running_run,
    runs_folder,
    usable_runs,
)
from model.runs.sweeps import (
    OVER,
    Combination,
    Outcome,
    Trial,
    epochs_trained,
    finish_sweep,
    in_words,
    is_over,
    list_trials,
    network_settings,
    rank,
    read_outcomes,
    stop_trial,
    tell_outcome,
    trial_folder,
    what_a_sweep_found,
)
from model.runs.taught import inherited, what_was_taught
from model.runs.values import is_name

__all__ = [
    "EMBEDDED_TRAINING_IMAGES",
    "ENGINES",
    "FILES",
    "HISTORY_FILE",
    "LOCAL",
    "MAX_FILTERS",
    "MAX_FRAMES",
    "MAX_NOTES",
    "MAX_READINGS",
    "MAX_RUNS",
    "MAX_RUNS_BYTES",
    "MAX_TITLE",
    "MAX_WAITING",
    "MAX_WAITING_EACH",
    "MODEL_FILE",
    "MOMENTS_FILE",
    "OCCUPIED",
    "OVER",
    "PAUSED",
    "QUEUE_FULL",
    "RAY",
    "RECIPE_FILE",
    "RUN_FILE",
    "SCORE_FILE",
    "About",
    "AnotherTrainingError",
    "Answer",
    "Combination",
    "Fold",
    "Frames",
    "Moment",
    "Outcome",
    "Parts",
    "Progress",
    "Record",
    "Results",
    "Run",
    "Settings",
    "Summary",
    "Thinned",
    "Trial",
    "Wish",
    "adopt_network",
    "append_history",
    "append_moment",
    "append_reading",
    "cancel_training",
    "check_clock",
    "check_data",
    "check_settings",
    "check_title",
    "checksums",
    "chosen_network",
    "claim_training",
    "current_training",
    "delete_run",
    "duration",
    "epochs_trained",
    "find_run",
    "finish_fold",
    "finish_sweep",
    "flag",
    "fold_folder",
    "fold_metrics",
    "forget_wishes",
    "hand_over",
    "has_network",
    "held_out_count",
    "in_words",
    "inherited",
    "is_finished",
    "is_name",
    "is_over",
    "is_training",
    "keep_drawings_score",
    "keep_history",
    "keep_snapshots",
    "latest_run",
    "learned_numbers",
    "list_runs",
    "list_trials",
    "load_run",
    "make_room",
    "network_settings",
    "new_run_name",
    "next_number",
    "notes_on_data",
    "pass_on",
    "queue_again",
    "queue_lock",
    "queue_training",
    "rank",
    "read_about",
    "read_drawings",
    "read_fold",
    "read_folds",
    "read_frames",
    "read_history",
    "read_moments",
    "read_outcomes",
    "read_readings",
    "read_run_file",
    "remove_leftovers",
    "reporting",
    "running_run",
    "runs_folder",
    "setting",
    "shipped_results",
    "split_paths",
    "start_next",
    "stop_trial",
    "summarise",
    "swept_values",
    "tell_outcome",
    "training_lock",
    "trial_folder",
    "usable_runs",
    "waiting_runs",
    "what_a_sweep_found",
    "what_was_taught",
    "wish",
    "wished",
    "with_absolute_paths",
    "write_about",
    "write_frames",
    "write_readings",
    "write_run_file",
]
