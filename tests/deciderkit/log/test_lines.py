"""A log as lines of JSON: each is read as strictly as its event."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from deciderkit.log.codec import Codec, EventType
from deciderkit.log.errors import CorruptLine
from deciderkit.log.lines import MAX_LINE, line, read_line
from deciderkit.log.recorded import Recorded, Refusal, Tally
from deciderkit.log.strict_json import MAX_BYTES
from tests.deciderkit.log.test_codec import LANDED, Landed, Left, Place, codec, event_of_size


@pytest.mark.parametrize("text", [b"", b"  ", b"\n"])
def test_an_empty_line_is_called_so(text: bytes) -> None:
    with pytest.raises(CorruptLine, match="line 7: the line is empty: expected a recorded event"):
        read_line(codec, text, number=7)


RECORDED = Recorded(7, "ship-a", 3, LANDED, "c1", "2026-01-01T00:00:00+00:00")
LINE = line(codec, RECORDED)


def test_a_line_is_read_back() -> None:
    assert RECORDED == read_line(codec, LINE, number=1)
    spaced = json.dumps(json.loads(LINE), indent=1).encode()
    assert RECORDED == read_line(codec, spaced, number=1)


def test_an_old_line_is_read_as_the_present_schema() -> None:
    old = (
        b'{"position":1,"stream":"ship-a","version":1,"type":"Landed","schema":1,'
        b'"command_id":"c1","recorded_at":"2020-02-29T00:00:00Z","data":{"at":"3,4"}}'
    )
    assert Landed(Place(3, 4), "unnamed") == read_line(codec, old, number=1).event


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"not json",
        b"[]",
        b"\xff",
        LINE[:-1],
        LINE + LINE,
        LINE.replace(b'"version":3', b'"version":0'),
        LINE.replace(b'"position":7', b'"position":7,"position":8'),
        LINE.replace(b'"position":7', b'"position":7,"other":8'),
        LINE.replace(b"ship-a", b"../ship"),
        LINE.replace(b'"c1"', b'""'),
        LINE.replace(b"Landed", b"Launched"),
        LINE.replace(b'"name":"a"', b'"name":1'),
        LINE.replace(b"2026-01-01", b"2026" * 20),
        LINE.replace(b"2026-01-01T00:00:00+00:00", b"bla"),
        LINE.replace(b"2026-01-01T00:00:00+00:00", b"2026-01-01"),
        LINE.replace(b"+00:00", b""),
        LINE.replace(b"+00:00", b"+00:00\\u0000"),
        LINE.replace(b"+00:00", b"+00:00\\n"),
        LINE.replace(b"01-01T", b"13-01T"),
        LINE.replace(b"T00", b"T24"),
        b"[" * 100_000,
        b" " * (MAX_LINE + 1),
        LINE.replace(b'"c1"', b'"c1~"'),
        LINE.replace(b'"c1"', b'"c@0"'),
        LINE.replace(b'"c1"', b'"c1","tally":null'),
        LINE.replace(b'"c1"', b'"c1","tally":{}'),
        LINE.replace(b'"c1"', b'"c1","tally":{"done":0}'),
        LINE.replace(b'"c1"', b'"c1","tally":{"done":1,"strange":1}'),
        LINE.replace(b'"c1"', b'"c1","tally":{"done":1,"done":2}'),
        LINE.replace(b'"c1"', b'"c1","tally":{"done":9223372036854775808}'),
        LINE.replace(b'"position":7', b'"position":9223372036854775808'),
    ],
    ids=range(32),
)
def test_a_bad_line_is_refused_with_its_number(text: bytes) -> None:
    with pytest.raises(CorruptLine) as caught:
        read_line(codec, text, number=12)
    assert 12 == caught.value.number
    assert str(caught.value).startswith("line 12: ")


TALLY = Tally(7, 2, Refusal(6, "no \u202e\n"), True, "d")


@pytest.mark.parametrize("tally", [TALLY, Tally(1)])
@pytest.mark.parametrize("command_id", ["c1", "turn-off@7"])
def test_a_line_carries_the_tally_of_its_request(tally: Tally, command_id: str) -> None:
    recorded = Recorded(7, "ship-a", 3, LANDED, command_id, RECORDED.recorded_at, tally)
    assert recorded == read_line(codec, line(codec, recorded), number=1)
    assert b"\n" not in line(codec, recorded)


def test_a_line_without_a_tally_does_not_speak_of_one() -> None:
    assert b"tally" not in LINE


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + LINE,
        LINE.decode().encode("utf-16"),
        LINE.decode().encode("utf-16-le"),
        LINE.decode().encode("utf-16-be"),
        LINE.decode().encode("utf-32"),
    ],
    ids=["UTF-8 with a mark", "UTF-16", "UTF-16 LE", "UTF-16 BE", "UTF-32"],
)
def test_a_byte_order_mark_is_called_so(text: bytes) -> None:
    with pytest.raises(
        CorruptLine, match=r"^line 3: begins with a byte order mark: expected UTF-8"
    ):
        read_line(codec, text, number=3)


def test_the_longest_event_that_is_written_is_read_in_its_line() -> None:
    longest = Recorded(
        2**63 - 1,
        "s" * 256,
        2**63 - 1,
        event_of_size(MAX_BYTES),
        "c" * 256,
        "2026-01-01T00:00:00.123456+00:00",
        Tally(2**62, 2**61, Refusal(2**62, "\x1b" * 1_000), True, "d" * 32),
    )
    written = line(codec, longest)
    assert MAX_BYTES < len(written) <= MAX_LINE
    assert longest == read_line(codec, written, number=1)


def test_control_a_line_is_refused_that_is_longer_than_any_that_is_written() -> None:
    with pytest.raises(CorruptLine, match="expected at most"):
        read_line(codec, LINE + b" " * MAX_LINE, number=1)


def test_the_order_of_keys_in_a_line_is_the_one_that_people_read() -> None:
    keys = ["position", "stream", "version", "type", "schema", "command_id", "recorded_at", "data"]
    assert keys == list(json.loads(LINE))


def test_an_event_that_nobody_knows_is_not_written() -> None:
    stranger = Codec([EventType("Left", Left)])
    with pytest.raises(Exception, match="its type is not in the codec"):
        line(stranger, RECORDED)


def test_reading_a_line_costs_memory_that_grows_with_the_line() -> None:
    deep = b'{"position":' + b"[" * 1_000_000
    tracemalloc.start()
    try:
        with pytest.raises(CorruptLine):
            read_line(codec, deep, number=1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * len(deep)
