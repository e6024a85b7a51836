"""The follower law: whoever reads on from the last position that it saw misses nothing, and sees nothing twice.

A store is easily wrong here, and no test of one caller finds it: where positions are given out before
the commit, a small append overtakes a large one, the follower passes by, and the large one is never
seen. So writers and followers run at once: appends of one event and of many, streams that are fought
over, appends that are refused in between, a follower that stays and one that is killed again and again.

Inherit the law for your store, with a fixture ``opened`` that opens one more handle to the same log:

    class TestMyStoreIsFollowed(FollowerLaw):
        @pytest.fixture
        def opened(self) -> Opened:
            return lambda: MyStore("the same place", codec)

Only ``append`` and ``read_all`` are asked for, so an adapter of a few lines holds any log to it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from random import Random
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from returns.result import Failure, Result

from deciderkit.log.answers import Conflict
from deciderkit.log.pages import Page
from deciderkit.testing.store_rules.examples import Noted

SIZES: Final = (1, 1, 1, 2, 7, 60)
"""How many events an append may have: most are small, and some take long."""

PATIENCE: Final = 60.0
"""After so many seconds a follower gives up waiting for events that it should have seen."""


class Followed(Protocol):
    """What the law asks of a store; see `Log`."""

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any]
    ) -> Result[Page, Any]:
        """See `Log.append`."""

    def read_all(self, after: int = 0, limit: int = 1_000) -> Result[Page, Any]:
        """See `Log.read_all`."""


Opened: TypeAlias = Callable[[], AbstractContextManager[Followed]]


class Told(NamedTuple):
    """An event as a follower saw it, or as its writer was told that it stands."""

    position: int
    stream: str
    version: int
    text: str


class FollowerLaw:
    """The law, with how much is tried; give a fixture ``opened``."""

    writers = 4
    appends = 60

    def test_followers_see_every_acknowledged_event_once_and_in_order(self, opened: Opened) -> None:
        """Whoever stays, and whoever is killed and goes on from its position."""
        check_follower(opened, self.writers, self.appends)


def check_follower(opened: Opened, writers: int = 4, appends: int = 60) -> int:
    """Hold the log that ``opened`` opens to the law; how many events were acknowledged and seen.

    The log is empty at first. Raises ``AssertionError``, with what was missed, doubled or out of order.
    """
    done = threading.Event()
    with ThreadPoolExecutor(writers + 2) as pool:
        followers = [
            pool.submit(_follow, opened, done, seed, lives) for seed, lives in ((1, 1), (2, 12))
        ]
        writing = [pool.submit(_write, opened, each, appends) for each in range(writers)]
        try:
            acknowledged = {told for each in writing for told in each.result()}
        finally:
            done.set()
        for each in followers:
            _compare(acknowledged, each.result())
    with opened() as store:
        again = _read_on(store, 0, 1_000)
    assert again == followers[0].result(), "what was followed is not what is read afterwards"
    return len(acknowledged)


def _write(opened: Opened, number: int, appends: int) -> list[Told]:
    """Append to a stream of one's own and to one that all writers fight over; what was acknowledged."""
    chance, told = Random(number), list[Told]()
    versions = {f"own-{number}": 0, "all-1": 0}
    with opened() as store:
        for count in range(appends):
            stream = chance.choice(sorted(versions))
            texts = [f"{number}.{count}.{place}" for place in range(chance.choice(SIZES))]
            if chance.random() < 0.2:
                refused = store.append(stream, versions[stream] + 1_000, [Noted("never")])
                assert isinstance(refused, Failure), "a version far ahead was taken"
            while True:
                result = store.append(stream, versions[stream], list(map(Noted, texts)))
                if isinstance(result, Failure):
                    error = result.failure()
                    assert isinstance(error, Conflict), f"an append failed: {error}"
                    versions[stream] = error.actual
                    continue
                page = result.unwrap()
                break
            versions[stream] += len(page)
            told += _told(page)
    return told


def _follow(opened: Opened, done: threading.Event, seed: int, lives: int) -> list[Told]:
    """Follow until the writers are done and nothing is left; with more lives than one, from new handles."""
    chance, seen = Random(seed), list[Told]()
    end = 0.0
    for life in range(lives):
        with opened() as store:
            pages = chance.randint(3, 30)
            while life == lives - 1 or pages:
                last = done.is_set()
                page = _read(store, seen[-1].position if seen else 0, chance.choice((1, 3, 100)))
                seen += page
                pages -= bool(page)
                if last and not page:
                    return seen
                end = end or (time.monotonic() + PATIENCE if last else 0.0)
                assert not end or time.monotonic() < end, "the log has no end"
                time.sleep(0 if page else 0.001)
    return seen


def _read_on(store: Followed, after: int, limit: int) -> list[Told]:
    seen: list[Told] = []
    while page := _read(store, after, limit):
        seen += page
        after = page[-1].position
    return seen


def _read(store: Followed, after: int, limit: int) -> list[Told]:
    result = store.read_all(after, limit)
    assert not isinstance(result, Failure), f"a follower cannot read: {result.failure()}"
    return _told(result.unwrap())


def _told(page: Page) -> list[Told]:
    return [Told(each.position, each.stream, each.version, each.event.text) for each in page]


def _compare(acknowledged: set[Told], seen: list[Told]) -> None:
    """Raise ``AssertionError`` where a follower did not see what it should have."""
    missed = sorted(acknowledged.difference(seen))
    assert not missed, (
        f"a follower missed {len(missed):,} of {len(acknowledged):,} acknowledged events, "
        f"the first at position {missed[0].position}, version {missed[0].version} of {missed[0].stream}"
    )
    assert len(seen) == len(set(seen)), "a follower saw an event twice"
    strange = sorted(set(seen) - acknowledged)
    assert not strange, f"a follower saw what nobody was told of: {strange[0]}"
    positions = [each.position for each in seen]
    assert positions == sorted(set(positions)), "positions do not increase"
    versions: dict[str, int] = {}
    for each in seen:
        expected = versions.get(each.stream, 0) + 1
        assert expected == each.version, (
            f"version {each.version} of {each.stream} was seen as number {expected}"
        )
        versions[each.stream] = each.version
