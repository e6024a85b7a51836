"""``python -m benchmarks.server``: a log on a PostgreSQL server, beside a bare script and beside a peer.

The server is a real one, started for the run, and what is appended is on its disk. Rows take turns, so
ratios hold on a busy machine; the answer of each is checked. The bare script is one function in the
database and one call of it, as one writes it by hand: lock, look at the stream and at the end of the
log, insert. It is given events encoded, while ours are encoded, read back, checksummed and linked. The
peer is the recorder of ``eventsourcing``, with the lock that it takes unless it is told otherwise.
"""

from __future__ import annotations

import sys
from multiprocessing import get_context
from queue import Empty
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import NamedTuple
from uuid import uuid4

from benchmarks.server_systems import (
    EVENTS,
    SYSTEMS,
    System,
    bare_made,
    bare_writer,
    filled,
    made,
    writer,
)
from deciderkit.shell import Dispatcher, open_store
from deciderkit.shell.stores.postgres.store import PostgresEventStore
from mars_rover import (
    StartMarsRover,
    TurnLeft,
    World,
    board,
)
from mars_rover.codec import codec
from tests.servers.fixtures import server_of_its_own

LONGEST = 20
"""Seconds for a round of one writer or several."""
SIZES = {1: 300, 10: 200, 1_000: 20}
"""How many appends of how many events a writer makes in one round."""


def appended(system: System, url: str, writers: int, size: int) -> float:
    """Events per second while so many processes append, from the first that begins to the last that ends.

    A library with threads in its pool may leave a forked writer waiting for a lock that nobody holds:
    such a round is ended, and run once more.
    """
    for _ in range(3):
        place = system.made(url)
        if times := _round(system, place, writers, size):
            assert system.read(place) == writers * (3 + SIZES[size] * size)
            seconds = max(ended for _, ended in times) - min(began for began, _ in times)
            return float(writers * SIZES[size] * size / seconds)
    raise TimeoutError(f"a writer of {system} did not come to its end in {LONGEST} s, three times")


def _round(system: System, place: str, writers: int, size: int) -> list[tuple[float, float]]:
    """When each writer began and ended; nothing where one of them did not end."""
    context = get_context("fork")
    barrier, times = context.Barrier(writers), context.Queue()

    def work(number: int) -> None:
        with system.writer(place, f"r{number}") as write:
            for warm in range(3):
                write(warm, 1)
            barrier.wait(LONGEST)
            began = perf_counter()
            for each in range(SIZES[size]):
                write(3 + each * size, size)
            times.put((began, perf_counter()))

    children = [context.Process(target=work, args=(each,)) for each in range(writers)]
    for child in children:
        child.start()
    try:
        said = [times.get(timeout=LONGEST) for _ in children]
    except Empty:
        return []
    finally:
        for child in children:
            child.join(5)
            child.kill()
            child.join()
    return said


def whole_log(system: System, place: str) -> float:
    """Events per second, read a page at a time and folded."""
    began = perf_counter()
    assert len(EVENTS) == system.read(place)
    return len(EVENTS) / (perf_counter() - began)


def follower_delays(url: str, appends: int, *, woken: bool) -> list[float]:
    """Seconds from the moment at which an append returned until a follower in another process had read it."""
    place, context = made(url), get_context("fork")
    times = context.SimpleQueue()

    def work() -> None:
        with writer(place, f"r{uuid4()}") as write:
            sleep(0.3)
            for version in range(appends):
                write(version, 1)
                times.put(perf_counter())
                sleep(0.01)

    child = context.Process(target=work)
    seen: list[float] = []
    with open_store(place, codec) as store:
        assert isinstance(store, PostgresEventStore)
        store.wait(0)
        child.start()
        while len(seen) < appends:
            page = store.read_all(len(seen)).unwrap()
            seen += [perf_counter()] * len(page)
            if not page:
                store.wait(0.1) if woken else sleep(0.1)
    told = [times.get() for _ in range(appends)]
    child.join()
    return [max(at - by, 0) for at, by in zip(seen, told, strict=True)]


def dispatched(url: str, calls: int) -> float:
    """Seconds for each dispatch of one command by a dispatcher that has its rover at hand."""
    with open_store(made(url), codec) as store:
        quiet = {each: lambda event, key: None for each in board.delivered}
        dispatcher = Dispatcher(board, store, deliveries=quiet)
        dispatcher.dispatch([StartMarsRover("r1", World.create(10, 10).unwrap())]).unwrap()
        began = perf_counter()
        for _ in range(calls):
            dispatcher.dispatch([TurnLeft("r1")]).unwrap()
        return (perf_counter() - began) / calls


def bare_calls(url: str, calls: int) -> float:
    with bare_writer(bare_made(url), "r1") as write:
        write(0, 1)
        began = perf_counter()
        for version in range(1, calls + 1):
            write(version, 1)
        return (perf_counter() - began) / calls


class Ratio(NamedTuple):
    """Ours against another, round by round; ``floor`` is what it is to reach."""

    name: str
    rates: list[float]
    floor: float

    @property
    def median(self) -> float:
        return median(self.rates)

    def line(self) -> str:
        verdict = "reached" if self.median >= self.floor else "NOT REACHED"
        return f"{self.name:<58}{self.median:>7.2f}  (to reach {self.floor}: {verdict})"


def append_rows(url: str, rounds: int, size: int, writers: int) -> list[Ratio]:
    rates: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    for _ in range(rounds):
        for name, system in SYSTEMS.items():
            rates[name].append(appended(system, url, writers, size))
    told = "  ".join(f"{name} {median(each):>9,.0f}" for name, each in rates.items())
    label = f"append by {size:,}, {writers} writer{'s' if writers > 1 else ''}"
    print(f"{label:<30}{told}  events/s", flush=True)
    return [
        Ratio(
            f"{label}: ours / {name}",
            [mine / other for mine, other in zip(rates["ours"], rates[name], strict=True)],
            floor,
        )
        for name, floor in (("bare script", 0.9), ("eventsourcing", 1.0))
    ]


def read_rows(url: str, rounds: int) -> list[Ratio]:
    places = {name: filled(each, each.made(url)) for name, each in SYSTEMS.items()}
    rates: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    for _ in range(rounds):
        for name, system in SYSTEMS.items():
            rates[name].append(whole_log(system, places[name]))
    told = "  ".join(f"{name} {median(each):>9,.0f}" for name, each in rates.items())
    print(f"{'read and fold the log':<30}{told}  events/s", flush=True)
    pairs = zip(rates["ours"], rates["eventsourcing"], strict=True)
    return [Ratio("read and fold: ours / eventsourcing", [a / b for a, b in pairs], 2.0)]


def dispatch_rows(url: str, rounds: int) -> list[Ratio]:
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(dispatched(url, 300))
        bare.append(bare_calls(url, 300))
    told = f"{1e6 * median(ours):,.0f} us, a bare call {1e6 * median(bare):,.0f} us"
    print(f"{'dispatch of one command':<30}{told}", flush=True)
    pairs = zip(bare, ours, strict=True)
    return [Ratio("bare call / dispatch", [a / b for a, b in pairs], 1 / 1.3)]


def print_delays(url: str) -> None:
    for woken in (True, False):
        delays = follower_delays(url, 300, woken=woken)
        name = f"follower's delay, {'woken' if woken else 'looking every 0.1 s'}"
        high = quantiles(delays, n=100)[98]
        print(f"{name:<42}median {1e3 * median(delays):.1f} ms, 99% {1e3 * high:.1f} ms")


def main(rounds: int = 5) -> int:
    """Print the table; 1 where a ratio is not reached."""
    ratios: list[Ratio] = []
    with server_of_its_own() as server:
        url = server.url()
        for writers in (1, 4):
            for size in SIZES:
                ratios += append_rows(url, rounds, size, writers)
        ratios += read_rows(url, rounds)
        ratios += dispatch_rows(url, rounds)
        print_delays(url)
    print()
    for ratio in ratios:
        print(ratio.line())
    return 0 if all(each.median >= each.floor for each in ratios) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
