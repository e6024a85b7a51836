"""What the rules of the store contract are tried with: a small log, claims, and values that no store may take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct
from returns.result import Result

from deciderkit.log.answers import Claim
from deciderkit.log.codec import Codec, EventType
from deciderkit.log.pages import Page
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Recorded, Refusal, Tally


class Noted(Struct, frozen=True):
    """The plain event of the contract."""

    text: str


class Measured(Struct, frozen=True):
    """An event with a field of each kind that a value can go wrong in."""

    rate: float = 0.5
    count: Annotated[int, Meta(ge=0)] = 0
    amount: Decimal = Decimal(1)
    at: datetime | None = None
    owner: UUID | None = None
    marks: tuple[int, ...] = ()
    names: dict[str, int] = {}


class Unknown(Struct, frozen=True):
    """An event that the codec does not know."""


class AlmostNoted(Noted, frozen=True):
    """A kind of `Noted` that the codec does not know."""


codec: Final = Codec([EventType("Noted", Noted), EventType("Measured", Measured)])
"""What a store under test is made with."""

HOSTILE_IDS: Final = (
    *(
        "",
        " ",
        "../r1",
        "a/b",
        "'; DROP TABLE events; --",
        "a\0b",
        "\ud800",
        "\u00e9",
        "\U0001f680",
    ),
    *("a\n", "-a", "_a", ".a", "~a", "@1", "a" * 257, "a" * 3_000),
)
"""Ids that no store takes, for a stream or for a request."""

HOSTILE_REQUESTS: Final = (*HOSTILE_IDS, "a@0", "a@", "a@1@2", "a@x", "a@1~2", "a~", "a~~1")
"""Ids that no store takes for a request: an ``@`` is that of a to-do and stands before a position."""

UNREADABLE: Final[dict[str, Any]] = {
    "NaN": Measured(rate=float("nan")),
    "infinity": Measured(rate=float("inf")),
    "a text for a float": Measured(rate="1.1"),  # type: ignore[arg-type]
    "None for a float": Measured(rate=None),  # type: ignore[arg-type]
    "a float for an int": Measured(count=10.5),  # type: ignore[arg-type]
    "a bool for an int": Measured(count=True),
    "below its bound": Measured(count=-1),
    "a text for a decimal": Measured(amount="x"),  # type: ignore[arg-type]
    "a decimal that is no number": Measured(amount=Decimal("NaN")),
    "a text for a time": Measured(at="noon"),  # type: ignore[arg-type]
    "a list for a tuple": Measured(marks=[1, 2]),  # type: ignore[arg-type]
    "a key that is no text": Measured(names={1: 1}),  # type: ignore[dict-item]
    "a number for a text": Noted(7),  # type: ignore[arg-type]
    "half a character": Noted("\ud800"),
    "bytes for a text": Noted(b"\xff"),  # type: ignore[arg-type]
    "nothing for a text": Noted(None),  # type: ignore[arg-type]
    "an object for a text": Noted(object()),  # type: ignore[arg-type]
    "more than 16 MiB": Noted("a" * (16 * 1024 * 1024)),
    "an unknown type": Unknown(),
    "a subtype of a known one": AlmostNoted("x"),
    "no event at all": "a text",
}
"""Events that would not come back as they are, by what is wrong with them."""

READABLE: Final[dict[str, Any]] = {
    "an int for a float": Measured(rate=7),
    "minus zero": Measured(rate=-0.0),
    "the smallest float": Measured(rate=5e-324),
    "a decimal with its zeros": Measured(amount=Decimal("1.10")),
    "a decimal of many digits": Measured(amount=Decimal("-0." + "3" * 60)),
    "an hour that comes twice": Measured(at=datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=UTC)),
    "a time of another zone": Measured(
        at=datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    ),
    "a time without a zone": Measured(at=datetime(2026, 7, 1, 12, 0, 0, 1)),
    "an UUID": Measured(owner=UUID(int=7)),
    "keys of all sorts": Measured(names={"": 0, "\0": 1, "\u202e": 2, '"': 3, "\\": 4}),
    "the largest number of a column": Measured(count=2**63 - 1),
    "no text": Noted(""),
    "a NUL, a quote and a rocket": Noted("a\0b'\"\\\U0001f680\u2028\x1b[31m"),
}
"""Events that are odd and come back as they are."""


def value(result: Result[Any, Any]) -> Any:
    """The value of a success; anything else fails the test."""
    return result.unwrap()


def error(result: Result[Any, Any]) -> Any:
    """The error of a failure; anything else fails the test."""
    return result.failure()


def noted(*texts: str) -> tuple[Noted, ...]:
    """Some events."""
    return tuple(map(Noted, texts))


def events(page: Page) -> tuple[Any, ...]:
    """The events of ``page``, without their places."""
    return tuple(recorded.event for recorded in page)


def claim(command_id: str, before: int, done: int, refused: int = 0) -> Claim:
    """What a try of the request says that had ``before`` commands done, and now has ``done``."""
    refusal = Refusal(done, "too late") if refused else None
    return Claim(command_id, before, Tally(done, refused, refusal, digest=f"d{done}"))


def whole(store: EventStore, limit: int = 1_000) -> Page:
    """The log, read page by page."""
    found: list[Recorded[Any]] = []
    while page := value(store.read_all(found[-1].position if found else 0, limit)):
        found += page
    return tuple(found)


def whole_stream(store: EventStore, stream: str, limit: int = 1_000) -> Page:
    """One stream, read page by page."""
    found: list[Recorded[Any]] = []
    while page := value(store.read(stream, found[-1].version if found else 0, limit)):
        found += page
    return tuple(found)
