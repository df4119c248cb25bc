"""Networks that somebody else trained, kept as runs: they are tried and saved in a process of their own."""

import pytest

from model import InputError, load_recognizer
from model.networks import import_keras
from model.runs import adopt_network, delete_run, list_runs, usable_runs
from tests.support.foreign import KINDS, changed, fitted


def test_a_network_file_becomes_a_run_that_the_page_reads_with(tmp_path):
    name, make, change, _, said = KINDS["sigmoids"]
    path = fitted(tmp_path / name, make(), change)
    runs = tmp_path / "runs"
    adopted = adopt_network(runs, f"mine-{name}", path.read_bytes())
    (run,) = usable_runs(runs).values()
    assert (run.name, run.status, run.network) == (adopted, "done", f"a network from mine-{name}")
    assert all(any(words in need for need in run.needs) for words in said)
    assert run.results.real_drawings is not None
    assert run.results.real_drawings.right > 100
    before, after = load_recognizer(path), load_recognizer(run.model_file)
    image = import_keras().ops.ones((2, 28, 28)) * 0.5
    assert after.predict(image.numpy()) == pytest.approx(before.predict(image.numpy()), abs=1e-5)
    delete_run(runs, adopted)
    assert [path.name for path in runs.iterdir() if not path.name.startswith(".")] == []


def test_what_cannot_be_used_leaves_nothing_and_is_called_by_its_own_name(tmp_path):
    runs = tmp_path / "runs"
    hostile = changed(tmp_path / "evil.keras", lambda config: config["config"]["layers"][1].update(class_name="Lambda"))
    for name, content in (
        ("evil.keras", hostile.read_bytes()),
        ("cut.h5", b"\x89HDF\r\n\x1a\nno more"),
        ("a.txt", b""),
    ):
        with pytest.raises(InputError) as refused:
            adopt_network(runs, name, content)
        assert name in str(refused.value)
        assert "adopted" not in str(refused.value)
        assert str(refused.value).endswith(".")
    assert list_runs(runs) == []
    assert not runs.exists() or list(runs.iterdir()) == []
