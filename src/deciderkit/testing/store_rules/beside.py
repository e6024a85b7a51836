"""What stands beside the log: notes of parking, and folds that were saved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from deciderkit.log.answers import Note, Saved
from deciderkit.log.port import EventStore
from deciderkit.testing.store_rules.examples import noted, value


def notes(store: EventStore, since: int = 0) -> list[tuple[str, str]]:
    """Which to-dos are noted after the mark ``since``, and why."""
    return [(note.todo, note.reason) for note in value(store.notes(since))]


def mark(store: EventStore) -> int:
    """The last mark of all."""
    found: tuple[Note, ...] = value(store.notes())
    return found[-1].mark if found else 0


class BesideRules:
    """What `Parking` and `SavedFolds` say."""

    def test_nothing_is_parked_at_first(self, store: EventStore) -> None:
        assert () == value(store.notes())
        assert () == value(store.notes(since=7))

    def test_what_is_parked_is_noted_with_its_reason(self, store: EventStore) -> None:
        hostile = 'no\nline "here"\\ \u202e\x1b[31m \U0001f680'
        value(store.park("call@2", "no line"))
        value(store.park("call@9", hostile))
        assert [("call@2", "no line"), ("call@9", hostile)] == notes(store)

    def test_a_to_do_has_one_note_and_it_is_the_last(self, store: EventStore) -> None:
        for todo, reason in (("call@2", "no line"), ("call@9", "busy"), ("call@2", "busy")):
            value(store.park(todo, reason))
        assert [("call@9", "busy"), ("call@2", "busy")] == notes(store)

    def test_notes_are_read_as_changes_since_a_mark(self, store: EventStore) -> None:
        value(store.park("call@2", "no line"))
        first = mark(store)
        assert [] == notes(store, first)
        value(store.park("call@9", "busy"))
        assert [("call@9", "busy")] == notes(store, first)
        value(store.let_go(["call@2"]))
        assert [("call@9", "busy"), ("call@2", "")] == notes(store, first)
        marks = [note.mark for note in value(store.notes())]
        assert sorted(set(marks)) == marks
        assert marks[0] > first

    def test_letting_go_changes_only_what_is_parked(self, store: EventStore) -> None:
        value(store.park("call@2", "no line"))
        value(store.let_go(["call@9", "call@22"]))
        assert [("call@2", "no line")] == notes(store)
        value(store.let_go(["call@2", "call@9"]))
        assert [("call@2", "")] == notes(store)
        let_go = mark(store)
        for nothing in ([], ["call@2"], ["call@9"]):
            value(store.let_go(nothing))
        assert [] == notes(store, let_go)

    def test_what_was_let_go_may_be_parked_again(self, store: EventStore) -> None:
        value(store.park("call@2", "no line"))
        value(store.let_go(["call@2"]))
        before = mark(store)
        value(store.park("call@2", "busy"))
        assert [("call@2", "busy")] == notes(store, before)

    def test_the_note_of_what_is_settled_goes(self, store: EventStore) -> None:
        for todo in ("call@2", "call@9", "call@22"):
            value(store.park(todo, "no line"))
        value(store.settled(["call@2", "call@5"]))
        assert ["call@9", "call@22"] == [todo for todo, _ in notes(store)]
        value(store.settled([]))
        assert 2 == len(notes(store))

    def test_no_mark_comes_twice_even_if_the_last_note_goes(self, store: EventStore) -> None:
        seen = 0
        for number in range(5):
            value(store.park(f"call@{number + 1}", "no line"))
            assert mark(store) > seen
            assert 1 == len(notes(store, seen))
            seen = mark(store)
            value(store.settled([f"call@{number + 1}"]))

    def test_threads_that_park_at_once_get_marks_of_their_own(self, store: EventStore) -> None:
        def park(thread: int) -> None:
            for number in range(1, 51):
                value(store.park(f"call{thread}@{number}", "no line"))

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(park, range(4)))
        marks = [note.mark for note in value(store.notes())]
        assert 200 == len(marks)
        assert sorted(set(marks)) == marks

    def test_what_stands_beside_the_log_leaves_the_log_alone(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("x")))
        value(store.park("call@1", "no line"))
        value(store.save("stream:a-1", Saved(1, "v1", b"{}")))
        assert 1 == value(store.head())
        value(store.integrity(1))

    def test_a_saved_fold_is_for_the_program_that_made_it(self, store: EventStore) -> None:
        assert value(store.load("todos", "v1")) is None
        value(store.append("a-1", 0, noted("x", "y")))
        first, second = Saved(1, "v1", b"{}"), Saved(2, "v2", b'{"x":"\xc3\xa9"}')
        value(store.save("todos", first))
        assert first == value(store.load("todos", "v1"))
        assert value(store.load("todos", "v2")) is None
        value(store.save("todos", second))
        assert second == value(store.load("todos", "v2"))
        assert value(store.load("todos", "v1")) is None

    def test_a_saved_fold_is_known_by_its_whole_name(self, store: EventStore) -> None:
        names = ("stream:a-1", "stream:a-10", "stream:" + "a" * 256, "stream:" + "a" * 255)
        value(store.append("a-1", 0, noted("x")))
        for number, name in enumerate(names):
            value(store.save(name, Saved(1, "v1", str(number).encode())))
        for number, name in enumerate(names):
            assert Saved(1, "v1", str(number).encode()) == value(store.load(name, "v1"))
        assert value(store.load("stream:a", "v1")) is None

    def test_a_saved_fold_lasts_while_the_log_grows(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("x")))
        saved = Saved(1, "v1", b"[1]")
        value(store.save("todos", saved))
        value(store.append("a-1", 1, noted("y")))
        assert saved == value(store.load("todos", "v1"))
