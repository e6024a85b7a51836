"""The lending library: its laws, its story, a schema change on a log that was written before it, and the web."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import strategies as st

from deciderkit import run
from deciderkit.examples.library.board import board, codec, copies, members
from deciderkit.examples.library.commands import (
    AddCopy,
    Borrow,
    HandOut,
    Join,
    Pay,
    Remind,
    Renew,
    Return,
    SettleLoan,
)
from deciderkit.examples.library.copy import Reason, copy
from deciderkit.examples.library.events import DueDateSet, Reminded
from deciderkit.examples.library.member import member
from deciderkit.examples.library.projections import fines, lent_out
from deciderkit.log.lines import read_line
from deciderkit.shell import Dispatcher, EventStore, import_log, open_store, verify_log
from deciderkit.testing import BoardLaws, DeciderLaws

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
COPIES, PEOPLE = st.sampled_from(["c1", "c2"]), st.sampled_from(["ann", "bob"])
CENTS = st.decimals("0.01", "9.99", places=2)


class TestCopy(DeciderLaws):
    decider = copy
    commands = st.one_of(
        st.just(AddCopy("c1", "Dune")),
        st.builds(HandOut, st.just("c1"), PEOPLE, TIMES),
        st.builds(Renew, st.just("c1"), TIMES),
        st.builds(Return, st.just("c1"), TIMES),
    )


class TestMember(DeciderLaws):
    decider = member
    commands = st.one_of(
        st.just(Join("ann", "ann@example.org")),
        st.builds(Borrow, st.just("ann"), COPIES, TIMES),
        st.builds(SettleLoan, st.just("ann"), COPIES, st.integers(0, 40)),
        st.builds(Remind, st.just("ann"), COPIES, TIMES),
        st.builds(Pay, st.just("ann"), CENTS),
    )


class TestBoard(BoardLaws):
    board = board
    commands = st.one_of(
        st.builds(Join, PEOPLE, st.just("somebody@example.org")),
        st.builds(AddCopy, COPIES, st.just("Dune")),
        st.builds(Borrow, PEOPLE, COPIES, TIMES),
        st.builds(Renew, COPIES, TIMES),
        st.builds(Return, COPIES, TIMES),
        st.builds(Pay, PEOPLE, CENTS),
    )


class Mail:
    """What was sent, and a clock that stands still until somebody turns it."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.sent: list[tuple[str, str, str]] = []

    def __call__(self, event: Reminded, key: str) -> None:
        self.sent.append((event.email, event.copy, key))

    def dispatcher(self, store: EventStore) -> Dispatcher:
        return Dispatcher(board, store, deliveries={Reminded: self}, now=lambda: self.now)


@pytest.fixture
def mail() -> Mail:
    return Mail()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with open_store(tmp_path / "library.db", codec) as opened:
        yield opened


def opened_library(mail: Mail, store: EventStore) -> Dispatcher:
    library = mail.dispatcher(store)
    library.dispatch(
        [
            AddCopy("c1", "Dune"),
            AddCopy("c2", "Emma"),
            Join("ann", "ann@example.org"),
            Join("bob", "bob@example.org"),
        ]
    ).unwrap()
    return library


def test_two_members_who_ask_for_one_copy_both_get_an_answer(mail: Mail, store: EventStore) -> None:
    library = opened_library(mail, store)
    report = library.dispatch([Borrow("ann", "c1", MONDAY), Borrow("bob", "c1", MONDAY)]).unwrap()
    assert () == report.parked
    assert {"c1": "ann"} == dict(library.view(lent_out).unwrap())
    loans = [library.state(members, name).unwrap().loans for name in ("ann", "bob")]
    assert [1, 0] == loans


def test_a_member_is_reminded_on_the_day_and_not_if_the_copy_was_renewed_or_returned(
    mail: Mail, store: EventStore
) -> None:
    library = opened_library(mail, store)
    library.dispatch([Borrow("ann", "c1", MONDAY), Borrow("bob", "c2", MONDAY)]).unwrap()
    library.dispatch([Renew("c1", MONDAY + timedelta(days=7)), Return("c2", MONDAY)]).unwrap()
    mail.now = MONDAY + timedelta(days=28)
    library.resume().unwrap()
    assert [] == mail.sent
    mail.now += timedelta(days=7)
    for each in (library, mail.dispatcher(store)):
        each.resume().unwrap()
    assert [("ann@example.org", "c1", "remind@11/1")] == mail.sent


def test_a_loan_is_renewed_twice_and_no_third_time() -> None:
    lent: list[Any] = [AddCopy("c1", "Dune"), HandOut("c1", "ann", MONDAY)]
    done = run(copy, [*lent, *[Renew("c1", MONDAY)] * 3])
    assert 4 == done.carried_out
    assert done.refused is not None
    assert Reason.RENEWED_TWICE is done.refused.reason


def test_who_is_late_pays_to_the_cent_and_borrows_no_more_before(
    mail: Mail, store: EventStore
) -> None:
    library = opened_library(mail, store)
    late = MONDAY + timedelta(days=28 + 26)
    library.dispatch([Borrow("ann", "c1", MONDAY), Return("c1", late)]).unwrap()
    assert Decimal("5.20") == library.view(fines, "ann").unwrap()
    refused = library.dispatch([Borrow("ann", "c2", late)]).unwrap()
    assert refused.refusal is not None
    assert "owes too much in fines" == refused.refusal.reason
    library.dispatch([Pay("ann", Decimal("5.20")), Borrow("ann", "c2", late)]).unwrap()
    assert {"c2": "ann"} == dict(library.view(lent_out).unwrap())
    assert Decimal("0.00") == library.view(fines, "ann").unwrap()


def line(position: int, stream: str, version: int, kind: str, data: str) -> bytes:
    return (
        f'{{"position":{position},"stream":"{stream}","version":{version},"type":"{kind}",'
        f'"schema":1,"command_id":"old~{position}","recorded_at":"2026-01-05T09:00:00+00:00",'
        f'"data":{data}}}'
    ).encode()


OLD_LOG = [
    line(1, "member-ann", 1, "Joined", '{"member":"ann","email":"ann@example.org"}'),
    line(2, "copy-c1", 1, "CopyAdded", '{"copy":"c1","title":"Dune"}'),
    line(
        3,
        "member-ann",
        2,
        "LoanRequested",
        '{"member":"ann","copy":"c1","at":"2026-01-05T09:00:00Z"}',
    ),
    line(4, "copy-c1", 2, "HandedOut", '{"copy":"c1","member":"ann"}'),
    line(
        5,
        "copy-c1",
        3,
        "DueDateSet",
        '{"copy":"c1","member":"ann","lent_at":"2026-01-05T09:00:00Z","days":28}',
    ),
]
"""Written before `DueDateSet` had a date: schema 1 had the day of the loan and a number of days."""


def test_a_log_of_the_old_schema_is_read_and_goes_on(mail: Mail, store: EventStore) -> None:
    old = [read_line(codec, each, number) for number, each in enumerate(OLD_LOG, 1)]
    assert DueDateSet("c1", "ann", datetime(2026, 2, 2, 9, tzinfo=UTC)) == old[-1].event
    assert 5 == import_log(store, board, codec, old).unwrap()
    library = mail.dispatcher(store)
    library.resume().unwrap()
    assert [("ann@example.org", "c1", "remind@5/1")] == mail.sent
    library.dispatch([Return("c1", datetime(2026, 2, 4, 9, tzinfo=UTC))]).unwrap()
    assert Decimal("0.40") == library.view(fines, "ann").unwrap()
    assert 9 == verify_log(store, board).unwrap().position


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    from deciderkit.examples.library.shell.app import app  # noqa: PLC0415

    monkeypatch.setenv("LIBRARY_STORE", str(tmp_path / "web.db"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        (port,) = {socket.getsockname()[1] for each in server.servers for socket in each.sockets}
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def test_the_web_app_serves_several_clients_at_once_and_does_nothing_twice(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        for number in range(8):
            added = client.post(f"/copies/c{number}", params={"title": "Dune"})
            assert 200 == added.status_code
            email = {"email": f"m{number}@example.org"}
            assert 200 == client.post(f"/members/m{number}", params=email).status_code
    answers: list[int] = []

    def borrow(number: int) -> None:
        with httpx.Client(base_url=address) as client:
            for _ in range(3):
                answer: Any = client.post(
                    f"/members/m{number}/loans/c{number}",
                    params={"at": MONDAY.isoformat()},
                    headers={"request": f"loan-{number}"},
                )
                answers.append(answer.status_code)

    threads = [threading.Thread(target=borrow, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [200] * 24 == answers
    with httpx.Client(base_url=address) as client:
        assert {f"c{n}": f"m{n}" for n in range(8)} == client.get("/loans").json()
        again = client.post("/members/m1", params={"email": "x@example.org"})
        assert (409, "a member already") == (again.status_code, again.json()["detail"])
        at = {"at": MONDAY.isoformat()}
        assert 200 == client.delete("/loans/c1", params=at).status_code
        assert "0.00" == client.get("/members/m1/fines").json()
        assert 7 == len(client.get("/loans").json())


def test_the_aggregates_are_told_apart_by_copy_and_by_member() -> None:
    assert "copy-c1" == copies.stream(AddCopy("c1", "Dune"))
    assert "member-ann" == members.stream(Borrow("ann", "c1", MONDAY))
