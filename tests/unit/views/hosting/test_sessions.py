"""A session is let go of once nobody can come back to it, also if no other comes or goes."""

import asyncio
from types import SimpleNamespace
from weakref import ref

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from tests.support.loops import run
from tests.support.services import posix
from views.hosting import sessions
from views.hosting.sessions import allow_many_files, forget_left_sessions, give_memory_back


@pytest.mark.parametrize("others", [[], ["somebody"]])
def test_what_is_too_old_goes_by_itself_and_memory_with_the_last(monkeypatch, others):
    storage = MemorySessionStorage(ttl_seconds=0)
    ended, given_back = [], []
    monkeypatch.setattr(sessions, "give_memory_back", lambda: given_back.append(True))

    class Session:
        id = "1"

        def __del__(self):
            ended.append(self.id)

    manager = SimpleNamespace(_session_storage=storage, list_active_sessions=lambda: others)
    monkeypatch.setattr(Runtime, "instance", lambda: SimpleNamespace(_session_mgr=manager))
    storage.save(SimpleNamespace(session=Session()))
    assert not ended

    async def sweep():
        task = asyncio.create_task(forget_left_sessions(interval=0.0))
        while not ended:
            await asyncio.sleep(0)
        task.cancel()

    run(asyncio.wait_for(sweep(), timeout=60))
    assert ended == ["1"]
    assert given_back == ([] if others else [True])


def test_what_refers_to_itself_is_given_back():
    class Session:
        pass

    session = Session()
    session.own, gone = session, ref(session)
    del session
    give_memory_back()
    assert gone() is None


@posix
def test_more_files_may_be_open_than_systems_allow_at_first():
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        allow_many_files()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert soft >= min(hard if hard != resource.RLIM_INFINITY else 65_536, 65_536)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
