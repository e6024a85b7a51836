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
from returns.pipeline import is_successful
from returns.result import Result

from deciderkit.log.answers import Claim, Conflict, Overtaken
from deciderkit.log.pages import Page
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.testing.store_rules.examples import Noted, claim, error, events, noted, value

STREAMS = st.sampled_from(["a-1", "a-10", "b-1"])
TEXTS = st.lists(st.text('xyz\n"\\\N{ROCKET}', max_size=3), min_size=1, max_size=4)
TODOS = st.lists(st.sampled_from(["call@1", "call@10"]), min_size=1, max_size=2)


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
        self.tallies: dict[str, Tally] = {}
        self.parked: dict[str, str] = {}
        self.requests = 0
        self.mark = 0

    @rule(stream=STREAMS, texts=TEXTS, claims=st.booleans())
    def append(self, stream: str, texts: list[str], claims: bool) -> None:
        """What is appended at the right version is recorded, and told with its places."""
        said = claim(self._new_id(), 0, len(texts)) if claims else None
        page = value(self.store.append(stream, self._version(stream), noted(*texts), said))
        self._record(stream, texts, said, page)

    @rule(stream=STREAMS, texts=TEXTS, off=st.sampled_from([-2, -1, 1, 2, 1_000]))
    def append_at_a_wrong_version(self, stream: str, texts: list[str], off: int) -> None:
        """A version that is past or lies ahead is a conflict, and leaves no trace."""
        version, said = self._version(stream), claim(self._new_id(), 0, 1)
        result = self.store.append(stream, version + off, noted(*texts), said)
        assert Conflict(stream, version + off, version) == error(result)
        assert value(self.store.tally(said.command_id)) is None

    @rule(stream=STREAMS, off=st.sampled_from([0, 0, 1]))
    def append_nothing(self, stream: str, off: int) -> None:
        """No events leave no trace, at the right version."""
        said = claim(self._new_id(), 0, 1)
        result = self.store.append(stream, self._version(stream) + off, (), said)
        assert not is_successful(result) if off else value(result) == ()
        assert value(self.store.tally(said.command_id)) is None

    @precondition(lambda self: self.tallies)
    @rule(data=st.data(), stream=STREAMS, texts=TEXTS, more=st.integers(1, 3))
    def go_on(self, data: st.DataObject, stream: str, texts: list[str], more: int) -> None:
        """A request goes on from where its last commit left it."""
        command_id = data.draw(st.sampled_from(sorted(self.tallies)))
        before = self.tallies[command_id].done
        said = claim(command_id, before, before + more)
        page = value(self.store.append(stream, self._version(stream), noted(*texts), said))
        self._record(stream, texts, said, page)

    @precondition(lambda self: self.tallies)
    @rule(data=st.data(), stream=STREAMS, texts=TEXTS, version=st.integers(0, 9))
    def retry(self, data: st.DataObject, stream: str, texts: list[str], version: int) -> None:
        """Whoever begins a request anew is told how far it is, whatever comes with it."""
        command_id = data.draw(st.sampled_from(sorted(self.tallies)))
        said = claim(command_id, 0, data.draw(st.integers(1, 9)))
        again = error(self.store.append(stream, version, noted(*texts), said))
        assert Overtaken(command_id, self.tallies[command_id]) == again

    @rule()
    def died_before_the_append(self) -> None:
        """A restart changes nothing."""
        self.store = self.reopened()

    @rule(stream=STREAMS, texts=TEXTS)
    def died_after_the_append(self, stream: str, texts: list[str]) -> None:
        """Where the answer was lost, the tally tells, and nothing stands in the log twice."""
        said, version = claim(self._new_id(), 0, len(texts)), self._version(stream)
        page = value(self.store.append(stream, version, noted(*texts), said))
        self.store = self.reopened()
        again = error(self.store.append(stream, version, noted(*texts), said))
        assert Overtaken(said.command_id, said.tally) == again
        self._record(stream, texts, said, page)

    @rule(stream=STREAMS, texts=TEXTS, moment=st.integers(1, 400))
    def dies_during_the_append(self, stream: str, texts: list[str], moment: int) -> None:
        """What fails half-way is recorded as a whole or not at all, and a retry ends it."""
        said, version = claim(self._new_id(), 0, len(texts)), self._version(stream)
        with self.failing(moment):
            _in_spite_of(lambda: self.store.append(stream, version, noted(*texts), said))
        self.store = self.reopened()
        done = value(self.store.tally(said.command_id))
        assert done in (None, said.tally)
        if done is None:
            value(self.store.append(stream, version, noted(*texts), said))
        self._record(stream, texts, said, value(self.store.read(stream, version)))

    @rule(stream=STREAMS, after=st.integers(0, 12), limit=st.integers(1, 5))
    def read_a_page(self, stream: str, after: int, limit: int) -> None:
        """A page of a stream is a slice of the list."""
        own = [each for each in self.log if each.stream == stream]
        assert tuple(own[after : after + limit]) == value(self.store.read(stream, after, limit))
        assert len(own) == value(self.store.version(stream))

    @rule(place=st.integers(0, 40), limit=st.integers(1, 5))
    def read_a_page_of_the_log(self, place: int, limit: int) -> None:
        """A page of the log is a slice of the list, from any position on."""
        before = self.log[:place]
        after = before[-1].position if before else 0
        page = value(self.store.read_all(after, limit))
        assert tuple(self.log[len(before) : len(before) + limit]) == page

    @rule(todos=TODOS, reason=st.sampled_from(["no line", "busy"]))
    def park(self, todos: list[str], reason: str) -> None:
        """A note is the last of its to-do, and stands behind all others."""
        for todo in todos:
            value(self.store.park(todo, reason))
            self.parked.pop(todo, None)
            self.parked[todo] = reason
        self._look_at_notes(changed=set(todos))

    @rule(todos=TODOS)
    def let_go(self, todos: list[str]) -> None:
        """Letting go is a note without a reason, for what is parked."""
        value(self.store.let_go(todos))
        changed = {todo for todo in todos if self.parked.get(todo)}
        for todo in dict.fromkeys(todos):
            if todo in changed:
                del self.parked[todo]
                self.parked[todo] = ""
        self._look_at_notes(changed)

    @rule(todos=TODOS)
    def settle(self, todos: list[str]) -> None:
        """A note that is settled goes, and no change tells of it."""
        value(self.store.settled(todos))
        for todo in todos:
            self.parked.pop(todo, None)
        self._look_at_notes(changed=set())

    @invariant()
    def holds_what_the_list_holds(self) -> None:
        """The log is the list, and its head the position of the last."""
        if hasattr(self, "store"):
            assert tuple(self.log) == value(self.store.read_all(limit=10_000))
            assert (self.log[-1].position if self.log else 0) == value(self.store.head())

    @precondition(lambda self: self.tallies)
    @rule(data=st.data())
    def remembers_tallies(self, data: st.DataObject) -> None:
        """How far a request got can be asked for at any time."""
        command_id = data.draw(st.sampled_from(sorted(self.tallies)))
        assert self.tallies[command_id] == value(self.store.tally(command_id))

    def _look_at_notes(self, changed: set[str]) -> None:
        """Notes come in the order in which they were made; those that ``changed`` since the last look."""
        notes = value(self.store.notes())
        assert list(self.parked.items()) == [(note.todo, note.reason) for note in notes]
        marks = [note.mark for note in notes]
        assert sorted(set(marks)) == marks
        assert changed == {note.todo for note in value(self.store.notes(self.mark))}
        self.mark = max([self.mark, *marks])

    def _new_id(self) -> str:
        self.requests += 1
        return f"c{self.requests}"

    def _version(self, stream: str) -> int:
        return sum(each.stream == stream for each in self.log)

    def _record(self, stream: str, texts: list[str], said: Claim | None, page: Page) -> None:
        version = self._version(stream)
        wanted = [(stream, version + place) for place in range(1, len(texts) + 1)]
        assert wanted == [(each.stream, each.version) for each in page]
        assert noted(*texts) == events(page)
        assert {said.tally if said else None} == {each.tally for each in page}
        positions = [each.position for each in (*self.log[-1:], *page)]
        assert sorted(set(positions)) == positions
        self.log += page
        if said is not None:
            assert {said.command_id} == {each.command_id for each in page}
            self.tallies[said.command_id] = said.tally


def _in_spite_of(call: Callable[[], Result[Any, Any]]) -> None:
    """Call, and take whatever comes of it: the caller is dead by then."""
    try:
        call()
    except Exception:
        return
