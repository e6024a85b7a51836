"""The log itself: places, versions, conflicts, pages, and what it takes and refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from deciderkit.ids import BadId
from deciderkit.log.answers import Conflict
from deciderkit.log.errors import NotStorable
from deciderkit.log.port import EventStore
from deciderkit.testing.store_rules.examples import (
    HOSTILE_IDS,
    READABLE,
    UNREADABLE,
    Noted,
    error,
    events,
    noted,
    value,
    whole,
    whole_stream,
)


class LogRules:
    """What `Log` says of appending and reading."""

    def test_an_empty_log_has_a_head_of_0_and_nothing_to_read(self, store: EventStore) -> None:
        assert 0 == value(store.head())
        assert 0 == value(store.version("a-1"))
        assert () == value(store.read_all())
        assert () == value(store.read("a-1"))
        assert value(store.tally("c1")) is None

    def test_what_was_appended_is_read_back_with_its_place(self, store: EventStore) -> None:
        appended = value(store.append("a-1", 0, noted("x", "y")))
        assert [(1, "a-1", 1), (2, "a-1", 2)] == [_place(each) for each in appended]
        assert noted("x", "y") == events(appended)
        assert appended == value(store.read("a-1"))
        assert appended == value(store.read_all())
        assert (2, 2) == (value(store.head()), value(store.version("a-1")))

    def test_positions_run_through_all_streams_and_versions_through_one(
        self, store: EventStore
    ) -> None:
        value(store.append("a-1", 0, noted("x")))
        value(store.append("b-1", 0, noted("y", "z")))
        value(store.append("a-1", 1, noted("w")))
        log = value(store.read_all())
        assert [1, 2, 3, 4] == [each.position for each in log]
        assert [1, 1, 2, 2] == [each.version for each in log]
        assert noted("x", "w") == events(value(store.read("a-1")))
        assert noted("y", "z") == events(value(store.read("b-1")))

    def test_a_stale_version_is_a_conflict_and_leaves_no_trace(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("x", "y")))
        for stale in (-1, 0, 1):
            assert Conflict("a-1", stale, 2) == error(store.append("a-1", stale, noted("z")))
        assert (2, 2) == (value(store.head()), value(store.version("a-1")))

    @pytest.mark.parametrize("ahead", [1, 2, 1_000])
    def test_a_future_version_is_a_conflict_always(self, store: EventStore, ahead: int) -> None:
        assert Conflict("a-1", ahead, 0) == error(store.append("a-1", ahead, noted("x")))
        value(store.append("a-1", 0, noted("x")))
        late = 1 + ahead
        assert Conflict("a-1", late, 1) == error(store.append("a-1", late, noted("y")))
        assert noted("x") == events(value(store.read_all()))

    def test_no_events_leave_no_trace(self, store: EventStore) -> None:
        assert () == value(store.append("a-1", 0, ()))
        assert (0, 0) == (value(store.head()), value(store.version("a-1")))
        assert Conflict("a-1", 1, 0) == error(store.append("a-1", 1, ()))
        assert noted("x") == events(value(store.append("a-1", 0, noted("x"))))

    def test_pages_are_as_long_as_asked_for_and_hold_it_all(self, store: EventStore) -> None:
        for number in range(7):
            value(store.append("a-1", 3 * number, noted("x", "y", str(number))))
            value(store.append("b-1", number, noted("other")))
        log, stream = value(store.read_all()), value(store.read("a-1"))
        for limit in (1, 2, 3, 4, 5, 100):
            assert log == whole(store, limit)
            assert stream == whole_stream(store, "a-1", limit)
            assert min(limit, 23) == len(value(store.read_all(5, limit)))
            for after in range(len(stream)):
                page = value(store.read("a-1", after, limit))
                assert stream[after : after + limit] == page

    def test_a_log_longer_than_a_page_is_read_without_a_gap(self, store: EventStore) -> None:
        texts = tuple(map(str, range(1_203)))
        value(store.append("a-1", 0, noted(*texts[:1_001])))
        value(store.append("a-1", 1_001, noted(*texts[1_001:])))
        for read_on in (store.read_all, lambda after: store.read("a-1", after)):
            assert [1_000, 203] == [len(value(read_on(after))) for after in (0, 1_000)]
        for read in (whole(store), whole_stream(store, "a-1")):
            assert noted(*texts) == events(read)
            assert list(range(1, 1_204)) == [each.position for each in read]

    def test_a_page_of_large_events_is_as_long_as_one_of_small_ones(
        self, store: EventStore
    ) -> None:
        """Whoever gets fewer than it asked for takes that for the end, so no bytes may be counted."""
        large = noted(*(str(number) + "x" * 2**17 for number in range(40)))
        value(store.append("a-1", 0, large[:20]))
        value(store.append("a-1", 20, large[20:]))
        assert large == events(value(store.read("a-1"))) == events(value(store.read_all()))

    def test_nothing_stands_after_the_end(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("x")))
        assert () == value(store.read_all(after=1))
        assert () == value(store.read_all(after=10))
        assert () == value(store.read("a-1", after=1))
        assert () == value(store.read("a-2"))

    def test_a_log_is_read_from_its_beginning_by_whoever_begins_before_it(
        self, store: EventStore
    ) -> None:
        value(store.append("a-1", 0, noted("x", "y")))
        for before in (-1, -1_000):
            assert noted("x", "y") == events(value(store.read_all(after=before)))
            assert noted("x", "y") == events(value(store.read("a-1", after=before)))

    def test_streams_with_one_beginning_are_two(self, store: EventStore) -> None:
        for number, stream in enumerate(("a-1", "a-10", "A-1", "a-1.", "a_1")):
            value(store.append(stream, 0, noted(str(number))))
        for number, stream in enumerate(("a-1", "a-10", "A-1", "a-1.", "a_1")):
            assert noted(str(number)) == events(value(store.read(stream)))

    @pytest.mark.parametrize("hostile", HOSTILE_IDS, ids=ascii)
    def test_a_hostile_name_of_a_stream_is_refused(self, store: EventStore, hostile: str) -> None:
        refused = error(store.append(hostile, 0, noted("x")))
        assert isinstance(refused, BadId)
        assert hostile == refused.text
        assert 0 == value(store.head())

    @pytest.mark.parametrize("event", READABLE.values(), ids=READABLE)
    def test_what_is_acknowledged_reads_back_equal(self, store: EventStore, event: Any) -> None:
        value(store.check([event]))
        appended = value(store.append("a-1", 0, [event, Noted("beside it")]))
        read = value(store.read_all())
        assert appended == read == value(store.read("a-1"))
        assert [event, Noted("beside it")] == [each.event for each in read]
        assert repr(appended[0].event) == repr(event)

    @pytest.mark.parametrize("event", UNREADABLE.values(), ids=UNREADABLE)
    def test_what_would_not_is_refused_and_nobody_else_notices(
        self, store: EventStore, event: Any
    ) -> None:
        value(store.append("a-1", 0, noted("before")))
        together = [*noted("good", "too"), event, *noted("behind")]
        for refused in (
            error(store.append("a-1", 1, together)),
            error(store.append("b-1", 0, together)),
            error(store.check(together)),
        ):
            assert isinstance(refused, NotStorable)
            assert (2, type(event).__name__) == (refused.index, refused.type)
            assert refused.reason
        assert (1, 0) == (value(store.version("a-1")), value(store.version("b-1")))
        value(store.append("a-1", 1, noted("after")))
        assert noted("before", "after") == events(value(store.read_all()))

    def test_a_refusal_names_the_field(self, store: EventStore) -> None:
        for name, field in (("NaN", "$.rate"), ("below its bound", "$.count")):
            assert f"`{field}`" in str(error(store.append("a-1", 0, [UNREADABLE[name]])))

    def test_threads_that_share_a_store_lose_and_double_nothing(self, store: EventStore) -> None:
        def write(thread: int) -> None:
            for number in range(25):
                while True:
                    version = value(store.version("a-1"))
                    result = store.append("a-1", version, noted(f"{thread}.{number}"))
                    if isinstance(result.swap().value_or(None), Conflict):
                        continue
                    value(result)
                    break

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(write, range(4)))
        log = whole(store)
        assert list(range(1, 101)) == [each.position for each in log]
        assert list(range(1, 101)) == [each.version for each in log]
        wanted = {f"{thread}.{number}" for thread in range(4) for number in range(25)}
        assert wanted == {each.event.text for each in log}

    def test_a_random_history_equals_that_of_a_dumb_model(self, store: EventStore) -> None:
        chance, model, log = Random(7), dict[str, list[Noted]](), list[Noted]()
        for number in range(200):
            stream = chance.choice(("a-1", "b-1", "c-1"))
            expected = len(model.get(stream, ())) + chance.choice((0, 0, 0, -1, 1))
            batch = noted(*(f"{number}.{place}" for place in range(chance.randint(1, 4))))
            result = store.append(stream, expected, batch)
            if expected == len(model.setdefault(stream, [])):
                assert batch == events(value(result))
                model[stream].extend(batch)
                log.extend(batch)
            else:
                assert Conflict(stream, expected, len(model[stream])) == error(result)
        assert tuple(log) == events(whole(store))
        for stream, told in model.items():
            page = whole_stream(store, stream)
            assert tuple(told) == events(page)
            assert list(range(1, len(told) + 1)) == [each.version for each in page]


def _place(recorded: Any) -> tuple[int, str, int]:
    return recorded.position, recorded.stream, recorded.version
