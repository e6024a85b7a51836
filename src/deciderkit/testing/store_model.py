"""Any event store beside a plain list: Hypothesis makes the calls, the faults, and compares.

A store is right if, whatever is called in whatever order, and wherever the caller dies, it holds what
the list holds. Inherit `StoreModel`, say how your store is opened, and hand its test case to pytest:

    class MyStoreModel(StoreModel):
        def opened(self) -> EventStore:
            return MyStore(codec)

    TestMyStore = MyStoreModel.TestCase
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from returns.io import IOResult
from returns.pipeline import is_successful

from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import Conflict, EventStore, Page
from deciderkit.testing.store_contract import Noted, error, events, noted, value

STREAMS = st.sampled_from(["a-1", "a-10", "b-1"])
TEXTS = st.lists(st.text('xyz\n"\\\N{ROCKET}', max_size=3), min_size=1, max_size=4)


class StoreModel(RuleBasedStateMachine):
    """One store, and the list of what it should hold.

    ``died`` and ``dies`` in the names of rules are faults: of the caller before, during and after an
    append. A fault during an append needs the help of the store: see `failing`.
    """

    def opened(self) -> EventStore:
        """An empty store for the codec of `store_contract`."""
        raise NotImplementedError

    def reopened(self) -> EventStore:
        """The log of the store once more, as after a restart; by default the very same store."""
        return self.store

    def failing(self, moment: int) -> AbstractContextManager[object]:
        """Make the appends inside it fail half-way, later with a larger ``moment``; or not at all."""
        return nullcontext()

    @initialize()
    def open(self) -> None:
        """Begin with an empty store."""
        self.store = self.opened()
        self.log: list[Recorded[Noted]] = []
        self.outcomes: dict[str, Page] = {}
        self.commands = 0

    @rule(stream=STREAMS, texts=TEXTS)
    def append(self, stream: str, texts: list[str]) -> None:
        """What is appended at the right version is recorded, and told with its places."""
        command_id = self._new_id()
        version = self._version(stream)
        page = value(self.store.append(stream, version, noted(*texts), command_id))
        self._record(stream, texts, command_id, page)

    @rule(stream=STREAMS, texts=TEXTS, off=st.sampled_from([-2, -1, 1, 2, 1_000]))
    def append_at_a_wrong_version(self, stream: str, texts: list[str], off: int) -> None:
        """A version that is past or lies ahead is a conflict, and leaves no trace."""
        version, command_id = self._version(stream), self._new_id()
        result = self.store.append(stream, version + off, noted(*texts), command_id)
        assert Conflict(stream, version + off, version) == error(result)
        assert value(self.store.outcome(command_id)) == ()

    @rule(stream=STREAMS, off=st.sampled_from([0, 0, 1]))
    def append_nothing(self, stream: str, off: int) -> None:
        """No events leave no trace, at the right version."""
        version = self._version(stream) + off
        result = self.store.append(stream, version, (), self._new_id())
        assert not is_successful(result) if off else value(result) == ()

    @precondition(lambda self: self.outcomes)
    @rule(data=st.data(), stream=STREAMS, texts=TEXTS, version=st.integers(0, 9))
    def retry(self, data: st.DataObject, stream: str, texts: list[str], version: int) -> None:
        """A command id that was recorded gives its first outcome, whatever comes with it."""
        command_id = data.draw(st.sampled_from(sorted(self.outcomes)))
        again = value(self.store.append(stream, version, noted(*texts), command_id))
        assert self.outcomes[command_id] == again

    @rule()
    def died_before_the_append(self) -> None:
        """A restart changes nothing."""
        self.store = self.reopened()

    @rule(stream=STREAMS, texts=TEXTS)
    def died_after_the_append(self, stream: str, texts: list[str]) -> None:
        """Where the answer was lost, a retry gives it, and nothing stands in the log twice."""
        command_id, version = self._new_id(), self._version(stream)
        self.store.append(stream, version, noted(*texts), command_id)
        self.store = self.reopened()
        page = value(self.store.append(stream, version, noted(*texts), command_id))
        self._record(stream, texts, command_id, page)

    @rule(stream=STREAMS, texts=TEXTS, moment=st.integers(1, 400))
    def dies_during_the_append(self, stream: str, texts: list[str], moment: int) -> None:
        """What fails half-way is recorded as a whole or not at all, and a retry ends it."""
        command_id, version = self._new_id(), self._version(stream)
        with self.failing(moment):
            _in_spite_of(lambda: self.store.append(stream, version, noted(*texts), command_id))
        self.store = self.reopened()
        first = value(self.store.outcome(command_id))
        assert events(first) in ((), noted(*texts))
        page = value(self.store.append(stream, version, noted(*texts), command_id))
        assert not first or first == page
        self._record(stream, texts, command_id, page)

    @rule(stream=STREAMS, after=st.integers(0, 12), limit=st.integers(1, 5))
    def read_a_page(self, stream: str, after: int, limit: int) -> None:
        """A page of a stream is a slice of the list."""
        own = [each for each in self.log if each.stream == stream]
        assert tuple(own[after : after + limit]) == value(self.store.read(stream, after, limit))

    @rule(place=st.integers(0, 40), limit=st.integers(1, 5))
    def read_a_page_of_the_log(self, place: int, limit: int) -> None:
        """A page of the log is a slice of the list, from any position on."""
        before = self.log[:place]
        after = before[-1].position if before else 0
        page = value(self.store.read_all(after, limit))
        assert tuple(self.log[len(before) : len(before) + limit]) == page

    @invariant()
    def holds_what_the_list_holds(self) -> None:
        """The log is the list, and its head the position of the last."""
        if hasattr(self, "store"):
            assert tuple(self.log) == value(self.store.read_all(limit=10_000))
            assert (self.log[-1].position if self.log else 0) == value(self.store.head())

    @precondition(lambda self: self.outcomes)
    @rule(data=st.data())
    def remembers_outcomes(self, data: st.DataObject) -> None:
        """What a command led to can be asked for at any time."""
        command_id = data.draw(st.sampled_from(sorted(self.outcomes)))
        assert self.outcomes[command_id] == value(self.store.outcome(command_id))

    def _new_id(self) -> str:
        self.commands += 1
        return f"c{self.commands}"

    def _version(self, stream: str) -> int:
        return sum(each.stream == stream for each in self.log)

    def _record(self, stream: str, texts: list[str], command_id: str, page: Page) -> None:
        version = self._version(stream)
        wanted = [(stream, version + place, command_id) for place in range(1, len(texts) + 1)]
        assert wanted == [(each.stream, each.version, each.command_id) for each in page]
        assert noted(*texts) == events(page)
        positions = [each.position for each in (*self.log[-1:], *page)]
        assert sorted(set(positions)) == positions
        self.log += page
        self.outcomes[command_id] = page


def _in_spite_of(call: Callable[[], IOResult[Any, Any]]) -> None:
    """Call, and take whatever comes of it: the caller is dead by then."""
    try:
        call()
    except Exception:
        return
