"""A log from elsewhere taken in, and whether a log is whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deciderkit.log.answers import Claim, Overtaken, StoreFailure
from deciderkit.log.codec import Stored
from deciderkit.log.pages import Commit, tally_text
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Tally
from deciderkit.testing.store_rules.examples import (
    Noted,
    claim,
    codec,
    error,
    events,
    noted,
    value,
    whole,
)

AT = "2026-01-01T00:00:00+00:00"
Incoming = tuple[Commit, list[Stored]]


def incoming(
    first: int,
    stream: str,
    version: int,
    *texts: str,
    said: tuple[str, Tally | None] = ("a~1", None),
) -> Incoming:
    """A commit as another log had it; ``said`` is its request and the tally of it."""
    command_id, tally = said
    text = tally_text(tally)
    commit = Commit(first, len(texts), version, stream, command_id, AT, text, chained_to=0)
    return commit, [codec.encode(Noted(each)) for each in texts]


LOG = (
    incoming(1, "a-1", 1, "x", "y", said=("c1", Tally(2))),
    incoming(3, "b-1", 1, "z"),
    incoming(4, "a-1", 3, "w", said=("c1", Tally(3, digest="d"))),
)


class RestoringRules:
    """What `Log` says of restoring, and of being whole."""

    def test_what_is_restored_has_the_places_ids_and_times_that_it_had(
        self, store: EventStore
    ) -> None:
        value(store.restore(LOG, 0))
        log = whole(store)
        assert noted("x", "y", "z", "w") == events(log)
        assert [(1, 1), (2, 2), (3, 1), (4, 3)] == [(each.position, each.version) for each in log]
        assert ["c1", "c1", "a~1", "c1"] == [each.command_id for each in log]
        assert {AT} == {each.recorded_at for each in log}
        assert [Tally(2), Tally(2), None, Tally(3, digest="d")] == [each.tally for each in log]
        assert (log[0], log[1], log[3]) == value(store.read("a-1"))
        value(store.integrity(4))

    def test_a_log_goes_on_after_what_was_restored(self, store: EventStore) -> None:
        value(store.restore(LOG, 0))
        assert Tally(3, digest="d") == value(store.tally("c1"))
        late = claim("c1", 2, 5)
        assert Overtaken("c1", Tally(3, digest="d")) == error(
            store.append("a-1", 3, noted("late"), late)
        )
        value(store.append("a-1", 3, noted("next"), claim("c1", 3, 4)))
        value(store.restore([incoming(6, "b-1", 2, "more")], 5))
        assert noted("x", "y", "z", "w", "next", "more") == events(whole(store))
        value(store.integrity(6))

    def test_nothing_is_restored_beside_what_others_recorded(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("mine")))
        for after in (0, 2):
            refused = error(store.restore(LOG, after))
            assert isinstance(refused, StoreFailure)
            assert "somebody else recorded" in refused.reason
        assert noted("mine") == events(whole(store))
        assert value(store.tally("c1")) is None

    def test_what_breaks_off_leaves_the_log_as_it_was(self, store: EventStore) -> None:
        def broken() -> Iterator[Incoming]:
            yield from LOG
            raise InterruptedError

        with pytest.raises(InterruptedError):
            store.restore(broken(), 0)
        assert () == whole(store)
        assert value(store.tally("c1")) is None
        value(store.append("a-1", 0, noted("x"), Claim("c1", 0, Tally(1))))
        value(store.restore([incoming(2, "b-1", 1, "z")], 1))
        assert noted("x", "z") == events(whole(store))

    def test_a_log_of_any_age_is_whole(self, store: EventStore) -> None:
        value(store.integrity(0))
        for number in range(5):
            value(store.append("a-1", number, noted(str(number)), claim(f"c{number}", 0, 1)))
            value(store.integrity(number + 1))
            value(store.integrity(number))  # somebody added to it after it was read
