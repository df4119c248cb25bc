"""The command line that reads picture files: `python -m model`."""

import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from model.__main__ import main
from model.paths import ASSETS, ROOT, SHIPPED_NETWORK
from tests.support.digits import on_canvas


@pytest.fixture
def pictures(tmp_path):
    """The paths of a 3, an 8, a blank picture and a text, by name."""
    for digit in (3, 8):
        Image.fromarray(on_canvas(digit, 0.6)).save(tmp_path / f"{digit}.png")
    Image.new("RGB", (40, 40), "white").save(tmp_path / "blank.png")
    (tmp_path / "text.png").write_text("Hello")
    return {path.stem: str(path) for path in tmp_path.iterdir()}


def test_a_line_is_printed_for_each_picture(pictures, capsys):
    assert main([pictures["3"], pictures["8"]]) == 0
    said, complaint = capsys.readouterr()
    assert [line.split()[0] for line in said.splitlines()] == ["3", "8"]
    assert [line.split()[-1] for line in said.splitlines()] == [pictures["3"], pictures["8"]]
    assert complaint == ""


def test_pictures_that_cannot_be_read_are_reported_and_cost_no_other(pictures, capsys):
    assert main([pictures["blank"], pictures["3"], pictures["text"]]) == 2
    said, complaint = capsys.readouterr()
    assert [line.split()[0] for line in said.splitlines()] == ["3"]
    assert [line.split(": ")[0] for line in complaint.splitlines()] == [pictures["blank"], pictures["text"]]


def test_a_line_is_printed_for_each_number_of_a_picture(pictures, tmp_path, capsys):
    row = np.concatenate([on_canvas(digit, 0.7) for digit in (4, 2)], axis=1)
    Image.fromarray(np.concatenate([row, row])).save(tmp_path / "lines.png")
    lines = str(tmp_path / "lines.png")
    assert main(["--number", lines, pictures["3"], pictures["blank"]]) == 2
    said, complaint = capsys.readouterr()
    assert [line.split()[0] for line in said.splitlines()] == ["42", "42", "3"]
    assert [line.split()[-1] for line in said.splitlines()] == [lines, lines, pictures["3"]]
    assert complaint == f"{pictures['blank']}: no number found in this picture; give one with digits side by side.\n"


def test_a_missing_network_is_reported_in_a_line(pictures, tmp_path):
    """By the process itself, in a copy of the project that has lost it."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "model", copy / "model", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ASSETS, copy / "assets", ignore=shutil.ignore_patterns(SHIPPED_NETWORK.name))
    command = [sys.executable, "-m", "model", pictures["3"]]
    failed = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert failed.returncode == 2
    assert len(failed.stderr.splitlines()) == 1
    assert "There is no network at" in failed.stderr
