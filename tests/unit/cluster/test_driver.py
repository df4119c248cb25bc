"""The driver's side without Ray: what nodes would have sent lies in the mailbox."""

from types import SimpleNamespace

from model.cluster import driver as driving
from model.cluster.driver import Driver
from model.cluster.mailbox import Mailbox, Parcel
from model.runs import Parts, Progress, Record, Settings


class Handle:
    """An actor of this process, called as Ray would have it."""

    def __init__(self, actor):
        self.actor = actor

    def __getattr__(self, name):
        return SimpleNamespace(remote=getattr(self.actor, name))


def test_trials_that_were_over_before_a_resume_are_counted_as_done_and_not_as_under_way(tmp_path, monkeypatch):
    """They are handed to nodes, too, so that the others are compared with them."""
    monkeypatch.setattr(driving, "cores_for", lambda ray, parts: 1)
    monkeypatch.setattr(driving, "open_mailbox", lambda ray, folders, wished: Handle(Mailbox({}, wished)))
    record = Record(Settings.of("quick", data="digits", sweep="batch_size=32,64,128"), {})
    folders = {number: tmp_path / f"trial-{number}" for number in (1, 2, 3)}
    ray = SimpleNamespace(get=lambda answer: answer)
    driver = Driver(ray, tmp_path, record, Parts("trial", 3, 2), folders, over={1, 2})
    for number in folders:
        attempt, *_ = driver.mailbox.actor.begin(number)
        driver.mailbox.actor.put(number, attempt, Parcel(Progress(fraction=0.5), files={"run.json": b"{}"}))
    driver.collect()
    assert record.progress == Progress(fraction=round(2.5 / 3, 4), trial=3, trials=3)
    assert [folder.exists() for folder in folders.values()] == [False, False, True]
    driver.finish(3)
    driver.collect()
    assert record.progress.fraction == 1
