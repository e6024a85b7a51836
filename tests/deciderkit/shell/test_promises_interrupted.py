"""An interrupt at any line: the same objects go on, and the log stays sound.

Python raises what a signal handler raises between two steps of its own. A trace function does the
same at a chosen line of the kit, so every line is tried and none by luck. Only at a ``with`` and a
``try`` it does not: there a trace function comes between a lock and its release, and a signal cannot.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import deciderkit
from deciderkit.log.codec import Codec
from deciderkit.shell import Dispatcher, EventStore, MemoryEventStore, verify_log
from deciderkit.shell.stores.opening import opened_file
from tests.deciderkit.shell.ledger import (
    Deposit,
    FeeCharged,
    Overdrawn,
    Withdraw,
    accounts,
    balances,
    fee_board,
)

KIT = str(Path(deciderkit.__file__).parent)


class Alarm(BaseException):
    """What a signal handler raises, as `KeyboardInterrupt` is.

    An ordinary `Exception` out of a handler, in the midst of a domain's own function, cannot be told
    from one that the function raised: it is told as that function's trouble.
    """


def interrupt(work: Callable[[], object], line: int) -> int:
    """Do ``work`` and raise `Alarm` at the kit's line number ``line`` on the way; how many lines it was."""
    seen = [0]

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(KIT):
            return None
        if event == "line" and not is_between(frame):
            seen[0] += 1
            if seen[0] == line:
                raise Alarm
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(Alarm):
            work()
    finally:
        sys.settrace(before)
    return seen[0]


def is_between(frame: FrameType) -> bool:
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
    return line.lstrip().startswith(("with ", "try:"))


COMMANDS = [Deposit(1, 10), Withdraw(1, 30), Withdraw(2, 5), Deposit(1, 1)]


def sound_after(store: EventStore, dispatcher: Dispatcher, number: int) -> None:
    """The same dispatcher goes on, under the id of the request that was interrupted."""
    report = dispatcher.dispatch(COMMANDS, command_id=f"r{number}").unwrap()
    assert (4, 0) == (report.carried_out, report.refused)
    assert () == dispatcher.parked().unwrap()
    assert () == dispatcher.todos().unwrap()
    log = store.read_all(0, 10_000).unwrap()
    asked = [each.position for each in log if isinstance(each.event, Overdrawn)]
    charged = [each.command_id for each in log if isinstance(each.event, FeeCharged)]
    assert sorted(f"charge-fee@{position}" for position in asked) == sorted(charged)
    balance = dispatcher.state(accounts, 1).unwrap()
    assert balance == Dispatcher(fee_board, store).state(accounts, 1).unwrap()
    assert balance == dispatcher.view(balances, 1).unwrap()
    assert len(log) == verify_log(store, fee_board).unwrap().position


@pytest.mark.parametrize(("where", "step"), [("memory", 1), ("sqlite", 7)])
def test_an_interrupt_at_any_line_leaves_the_same_objects_fit_to_go_on(
    where: str, step: int, tmp_path: Path
) -> None:
    codec = Codec.of(fee_board)
    line = seen = 1
    while seen >= line - step:
        store: Any = MemoryEventStore(codec)
        if where == "sqlite":
            store = opened_file(tmp_path / f"{line}.db", codec)
        dispatcher = Dispatcher(fee_board, store)
        dispatcher.dispatch([Deposit(1, 1)]).unwrap()
        seen = interrupt(lambda: dispatcher.dispatch(COMMANDS, command_id="r1"), line)  # noqa: B023
        sound_after(store, dispatcher, 1)
        interrupt(lambda: dispatcher.view(balances, 1), line % 40 + 1)  # noqa: B023
        interrupt(dispatcher.resume, line % 40 + 1)
        sound_after(store, dispatcher, 2)
        if where == "sqlite":
            store.close()
        line += step
    assert seen > 300
