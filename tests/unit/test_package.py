"""What importing the package costs."""

import subprocess
import sys

import pytest

from model.paths import ROOT

PAGE = "model, model.networks, model.runs, model.drawings, views"
TRAINER = "model, model.networks, model.runs, train"


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        pytest.param(TRAINER, "tensorflow keras sqlalchemy streamlit", id="model and trainer"),
        pytest.param(PAGE, "tensorflow keras sqlalchemy", id="page"),
    ],
)
def test_what_takes_long_to_import_is_not(modules, unwanted):
    code = f"import sys, {modules}; sys.exit(any(each in sys.modules for each in '{unwanted}'.split()))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
