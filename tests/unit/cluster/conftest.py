import os

import pytest

from tests.support.cluster import ENVIRONMENT
from tests.support.trainer import start


@pytest.fixture
def launch(tmp_path):
    """Starts a training whose run is runs/mine, and ends it if the test has not."""
    started = []

    def launch_now(*flags, **environment):
        started.append(start(*flags, "--out", tmp_path / "runs" / "mine", env=os.environ | ENVIRONMENT | environment))
        return started[-1]

    yield launch_now
    for process in started:
        process.kill()
        process.communicate()
