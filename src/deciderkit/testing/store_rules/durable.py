"""A log that outlives its process: what one handle did, every other one finds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from deciderkit.log.answers import Conflict, Overtaken, Saved
from deciderkit.log.port import EventStore
from deciderkit.testing.store_rules.beside import notes
from deciderkit.testing.store_rules.examples import claim, error, events, noted, value, whole

Opened = Callable[[], EventStore]


class DurableRules:
    """The rules for two handles on one log; ``reopened`` gives one more."""

    def test_another_handle_sees_all_and_goes_on(self, store: EventStore, reopened: Opened) -> None:
        first = value(store.append("a-1", 0, noted("x", "y"), claim("c1", 0, 2)))
        other = reopened()
        assert first == value(other.read_all())
        overtaken = Overtaken("c1", claim("c1", 0, 2).tally)
        assert overtaken == error(other.append("a-1", 2, noted("again"), claim("c1", 0, 2)))
        value(other.append("a-1", 2, noted("z"), claim("c1", 2, 3)))
        assert claim("c1", 2, 3).tally == value(store.tally("c1"))
        assert Conflict("a-1", 2, 3) == error(store.append("a-1", 2, noted("late")))
        assert noted("x", "y", "z") == events(value(store.read_all()))

    def test_two_handles_take_turns(self, store: EventStore, reopened: Opened) -> None:
        handles = (store, reopened())
        for number in range(20):
            value(handles[number % 2].append("a-1", number, noted(str(number))))
            value(handles[number % 2].append(f"b-{number}", 0, noted("new")))
        for handle in handles:
            assert 40 == len(whole(handle))
            assert 20 == value(handle.version("a-1"))
            value(handle.integrity(40))

    def test_notes_of_parking_are_for_everybody(self, store: EventStore, reopened: Opened) -> None:
        other = reopened()
        value(store.park("call@2", "no line"))
        assert [("call@2", "no line")] == notes(other)
        value(other.let_go(["call@2"]))
        assert [("call@2", "")] == notes(store)
        value(store.settled(["call@2"]))
        value(other.park("call@9", "busy"))
        assert [("call@9", "busy")] == notes(store) == notes(reopened())

    def test_saved_folds_are_for_everybody(self, store: EventStore, reopened: Opened) -> None:
        value(store.append("a-1", 0, noted("x")))
        saved = Saved(1, "v1", b"[1]")
        value(store.save("todos", saved))
        assert saved == value(reopened().load("todos", "v1"))

    def test_handles_in_threads_lose_and_double_nothing(
        self, store: EventStore, reopened: Opened
    ) -> None:
        handles = (store, reopened(), reopened())

        def write(thread: int) -> None:
            handle, mine = handles[thread], 0
            while mine < 20:
                version = value(handle.version("a-1"))
                result = handle.append("a-1", version, noted(f"{thread}.{mine}"))
                if not isinstance(result.swap().value_or(None), Conflict):
                    value(result)
                    mine += 1

        with ThreadPoolExecutor(3) as threads:
            list(threads.map(write, range(3)))
        log = whole(store)
        assert list(range(1, 61)) == [each.position for each in log]
        assert list(range(1, 61)) == [each.version for each in log]
        wanted = {f"{thread}.{number}" for thread in range(3) for number in range(20)}
        assert wanted == {each.event.text for each in log}

    def test_of_many_handles_that_try_one_request_one_is_recorded(
        self, store: EventStore, reopened: Opened
    ) -> None:
        handles = (store, reopened(), reopened())

        def attempt(thread: int) -> list[bool]:
            done = []
            for number in range(20):
                said = claim(f"c{number}", 0, 1)
                result = handles[thread].append(f"a-{number}-{thread}", 0, noted("x"), said)
                failed = result.swap().value_or(None)
                assert failed in (None, Overtaken(f"c{number}", said.tally))
                done.append(failed is None)
            return done

        with ThreadPoolExecutor(3) as threads:
            done = list(threads.map(attempt, range(3)))
        assert [1] * 20 == [sum(each) for each in zip(*done, strict=True)]
        assert 20 == len(whole(store))
