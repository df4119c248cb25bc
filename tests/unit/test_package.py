"""What importing the package costs."""

import subprocess
import sys

import pytest

from model.paths import ROOT


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        pytest.param("model, model.networks, model.runs, train", "tensorflow keras streamlit", id="model and trainer"),
        pytest.param("model, model.networks, model.runs, views", "tensorflow keras", id="page"),
    ],
)
def test_importing_takes_no_tensorflow(modules, unwanted):
    code = f"import sys, {modules}; sys.exit(any(each in sys.modules for each in '{unwanted}'.split()))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
