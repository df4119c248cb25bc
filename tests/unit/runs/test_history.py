import pytest

from model.runs import append_history, append_moment, keep_history, read_history, read_moments
from tests.support.runs import ROW


def test_a_history_grows_by_whole_rows(tmp_path):
    assert read_history(tmp_path) == []
    append_history(tmp_path, ROW)
    append_history(tmp_path, ROW | {"epoch": 2, "accuracy": 0.75})
    assert read_history(tmp_path) == [ROW, ROW | {"epoch": 2, "accuracy": 0.75}]
    assert (tmp_path / "history.csv").read_text().splitlines()[0] == "epoch,accuracy,loss,val_accuracy,val_loss,seconds"
    keep_history(tmp_path, 1)
    assert read_history(tmp_path) == [ROW]


@pytest.mark.parametrize(
    "damage",
    [
        "3,0.9,0.1,0.9",  # half a row
        "3,0.9,0.1,0.9,0.1,1.0",  # perhaps whole, but without its end it may be longer still
        "three,0.9,0.1,0.9,0.1,1.0\n",
        "3,0.9\n",
        "-1,0.9,0.1,0.9,0.1,1.0\n",
        "99999999999,0.9,0.1,0.9,0.1,1.0\n",
        '3,"0.9\n',
        "x" * 200_000 + "\n",
        "\0\0\0\n",
        ",,,,,,,,,\n",
    ],
)
def test_damage_in_a_history_costs_no_whole_row(tmp_path, damage):
    append_history(tmp_path, ROW)
    append_history(tmp_path, ROW | {"epoch": 2})
    with (tmp_path / "history.csv").open("a") as file:
        file.write(damage)
    assert read_history(tmp_path) == [ROW, ROW | {"epoch": 2}]


def test_a_file_that_is_no_history_at_all_is_empty(tmp_path):
    (tmp_path / "history.csv").write_bytes(bytes(range(256)) * 10 + b"\n")
    assert read_history(tmp_path) == []


def test_moments_are_kept_up_to_the_epoch_that_a_run_is_resumed_after(tmp_path):
    append_history(tmp_path, ROW)
    assert read_moments(tmp_path) == []
    rows = [{"epoch": 0.5, "accuracy": 0.5, "loss": 1.0}, {"epoch": 1.2, "accuracy": 0.6, "loss": 0.9}]
    rows[1] |= {"val_accuracy": 0.7, "val_loss": 0.8}
    for row in rows:
        append_moment(tmp_path, row)
    assert read_moments(tmp_path) == rows
    with (tmp_path / "moments.csv").open("a") as file:
        file.write("1.4,0.5\nx,y,z,,\n1.5,0.7,0.5")
    assert read_moments(tmp_path) == rows
    keep_history(tmp_path, 1)
    assert read_moments(tmp_path) == rows[:1]
