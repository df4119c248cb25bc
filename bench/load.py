"""Measures how many people one server can answer: sessions over Streamlit's own websocket that draw, without browsers.

python -m bench.load [--people 50] [--every 3] [--minutes 2] [--live 0.2] [--training] [--replicas 2]

Each person clears the canvas, draws a digit and lets it be read: the picture at pen-up, and what the canvas sends some
time later. An answer is lost if none comes that follows what was sent; a browser would ask again. `--live` is the share
of the people whose bars follow the pen. Several replicas stand behind nginx, with one PostgreSQL database.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from bench import machine
from bench.latency import training
from model.processes import processor_seconds
from tests.support.nginx import find_nginx, serve_nginx
from tests.support.postgresql import find_postgresql, serve_postgresql
from tests.support.server import serve
from tests.support.visitor import Visitor

STROKE_TIME = 1.0  # seconds that a stroke takes whose answers are live
KINDS = {
    "stroke": "from pen-up to the bars",
    "canvas": "from the canvas' message to the bars",
    "clear": "from Clear to the empty bars",
    "live": "from a picture while drawing to its bars",
}
HELD_EVERY = 4  # minutes between two looks at what is held while people draw
AWAY = 0.5  # seconds between two looks at what is given back
WARM = 2  # people for each server who open the page before it is measured: nginx takes the servers in turn
AT_ONCE = 10  # people who open the page at the same moment


class State(NamedTuple):
    """What the servers hold and have used."""

    processor: float  # seconds
    memory: int  # bytes
    descriptors: int
    threads: int


class Waits:
    """How long each kind of answer took, in seconds; None for a lost one."""

    def __init__(self) -> None:
        self.of: dict[str, list[float | None]] = defaultdict(list)

    def row(self, kind: str) -> str:
        """A line of the table, in milliseconds."""
        each = self.of[kind]
        came = 1000 * np.array([wait for wait in each if wait is not None] or [np.nan])
        figures = " | ".join(f"{figure:.0f}" for figure in (*np.percentile(came, [50, 95, 99]), came.max()))
        return f"| {KINDS[kind]} | {len(each):,} | {sum(wait is None for wait in each)} | {figures} |"


def main() -> None:
    arguments = _parser().parse_args()
    with tempfile.TemporaryDirectory() as runs, contextlib.ExitStack() as stack:
        if arguments.replicas == 1:
            address, process = stack.enter_context(serve(runs))
            servers = [psutil.Process(process.pid)]
        else:
            address, servers = _serve_replicas(arguments.replicas, Path(runs), stack)
        print(machine())
        asyncio.run(_measure(address, servers, Path(runs), arguments))


def _serve_replicas(count: int, runs: Path, stack: contextlib.ExitStack) -> tuple[str, list[psutil.Process]]:
    """The address of nginx before so many servers, and these."""
    nginx, postgresql = find_nginx(), find_postgresql()
    if nginx is None or postgresql is None or count != 2:
        raise SystemExit(
            "Two replicas need nginx and PostgreSQL: install both. The configuration in deploy/ is for two."
        )
    url = stack.enter_context(serve_postgresql(postgresql)).new_database("load")
    names = [f"replica-{number}" for number in range(1, count + 1)]
    replicas = [stack.enter_context(serve(runs, DIGITS_DATABASE=url, DIGITS_REPLICA=name)) for name in names]
    address = stack.enter_context(serve_nginx(nginx, [address for address, _ in replicas]))
    return address, [psutil.Process(process.pid) for _, process in replicas]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Prints how long answers take while many people draw.")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two digits of a person")
    parser.add_argument("--minutes", type=float, default=2.0, help="for which they draw")
    parser.add_argument("--live", type=float, default=0.0, help="the share of people whose bars follow the pen, 0 to 1")
    parser.add_argument("--training", action="store_true", help="a network trains on the same machine")
    parser.add_argument("--replicas", type=int, default=1, help="servers, 1 or 2")
    parser.add_argument("--patience", type=float, default=10.0, help="seconds after which an answer is lost")
    parser.add_argument("--away", type=float, default=60.0, help="seconds for which to watch after all have left")
    return parser


async def _measure(address: str, servers: Sequence[psutil.Process], runs: Path, arguments: argparse.Namespace) -> None:
    await asyncio.gather(*(_warm_up(address, number, arguments.every) for number in range(WARM * len(servers))))
    before = _state(servers)
    people = await _open(address, arguments)
    opened = _state(servers)
    print(f"{len(people)} people have opened the page: {_memory(opened, before, len(people))}.")
    await asyncio.sleep(arguments.every)
    rested = _state(servers)
    resting = (rested.processor - opened.processor) / arguments.every
    print(f"At rest, they take {resting:.2f} s of processor a second.")
    waits = Waits()
    watching = asyncio.create_task(_watch_memory(servers, before, len(people)))
    with training(runs) if arguments.training else contextlib.nullcontext():
        begun, start = time.perf_counter(), _state(servers)
        await asyncio.gather(*(_draw(person, n, begun, waits, arguments) for n, person in enumerate(people)))
        drawn, took = _state(servers), time.perf_counter() - begun
    watching.cancel()
    _print(waits, drawn.processor - start.processor, took, len(people), len(servers))
    print(f"Having drawn: {_memory(drawn, before, len(people))}.")
    await asyncio.gather(*(person.close() for person in people))
    await _watch_leaving(servers, before, arguments.away)


async def _warm_up(address: str, digit: int, rest: float) -> None:
    """Opens the page and draws a digit, so that the network is loaded and has read."""
    async with Visitor(address) as visitor:
        await visitor.wait_for_network()
        async for _ in visitor.draw(digit):
            pass
        await asyncio.sleep(rest)


async def _open(address: str, arguments: argparse.Namespace) -> list[Visitor]:
    """Opens the page for everybody, a few at a time."""
    people = [Visitor(address, arguments.patience) for _ in range(arguments.people)]
    for first in range(0, len(people), AT_ONCE):
        await asyncio.gather(*(person.__aenter__() for person in people[first : first + AT_ONCE]))
    return people


async def _draw(person: Visitor, number: int, begun: float, waits: Waits, arguments: argparse.Namespace) -> None:
    """Draws one digit after the other until the time is over, out of step with the others."""
    seconds = STROKE_TIME if number < arguments.live * arguments.people else 0.0
    due = begun + arguments.every * number / arguments.people
    turn = number
    while due < begun + 60 * arguments.minutes:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        async for kind, wait in person.draw(turn % 10, seconds):
            waits.of[kind].append(wait)
        async for kind, wait in person.clear():
            waits.of[kind].append(wait)
        turn, due = turn + 1, max(due + arguments.every, time.perf_counter())


def _state(servers: Sequence[psutil.Process]) -> State:
    """What they hold and have used together."""
    each = [(processor_seconds(one), one.memory_info().rss, one.num_fds(), one.num_threads()) for one in servers]
    return State(*map(sum, zip(*each, strict=True)))


def _memory(now: State, before: State, people: int) -> str:
    each = (now.memory - before.memory) / people / 1e6
    return f"{now.memory / 1e6:.0f} MB ({each:.2f} MB a person), {now.descriptors} descriptors, {now.threads} threads"


def _print(waits: Waits, processor: float, took: float, people: int, servers: int) -> None:
    strokes = len(waits.of["stroke"])
    print(f"{strokes:,} strokes in {took:.0f} s, {strokes / took:.1f} a second.")
    print(f"The servers' processor: {processor / took:.2f} of {os.cpu_count()} cores, ", end="")
    print(f"{1000 * processor / max(1, strokes):.1f} ms a stroke, timers and clearing included.")
    limit = servers * people * took / processor
    print(f"Python computes on little more than one core, so {limit:.0f} such people are the limit.")
    print("| | answers | lost | median, ms | p95 | p99 | longest |\n| --- | --- | --- | --- | --- | --- | --- |")
    for kind in KINDS:
        if waits.of[kind]:
            print(waits.row(kind))


async def _watch_memory(servers: Sequence[psutil.Process], before: State, people: int) -> None:
    """Prints what the servers hold while people draw, every few minutes."""
    for minute in itertools.count(HELD_EVERY, HELD_EVERY):
        await asyncio.sleep(60 * HELD_EVERY)
        print(f"After {minute} minutes: {_memory(_state(servers), before, people)}.", flush=True)


async def _watch_leaving(servers: Sequence[psutil.Process], before: State, seconds: float) -> None:
    """Prints what the server still holds after all have left, at once, each time half of it is gone, and at the end."""
    begun, told = time.perf_counter(), 0.0
    while (passed := time.perf_counter() - begun) < seconds:
        if passed >= told:
            _print_left(passed, _state(servers), before)
            told = max(1.0, 2 * told)
        await asyncio.sleep(AWAY)
    _print_left(passed, _state(servers), before)


def _print_left(passed: float, now: State, before: State) -> None:
    more = (now.memory - before.memory) / 1e6
    print(f"{passed:.0f} s after all have left: {now.memory / 1e6:.0f} MB ({more:+.0f}), ", end="")
    print(f"{now.descriptors} descriptors ({now.descriptors - before.descriptors:+d}), {now.threads} threads.")


if __name__ == "__main__":
    main()
