"""``do``: JSON in, events out, and one line for all that is no command."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from .conftest import Kit

DEPOSIT = '{"type": "Deposit", "account": 7, "amount": "2.50"}'
WITHDRAW = '{"type": "Withdraw", "account": 7, "amount": "9.00"}'


def test_a_command_is_carried_out_and_its_story_is_told(kit: Kit) -> None:
    ended = kit("do", DEPOSIT)
    assert (0, "1 of 1 command carried out\n") == ended[:2]
    assert "[COMMAND] Deposit 7 2.50\n[EVENT] Deposited 2.50\n" == ended.err
    assert "account-7 1 Balance {amount: 2.50, reminded: 0}\n" == kit("state", "account").out


def test_verbose_tells_it_as_python_writes_it(kit: Kit) -> None:
    assert (
        "[COMMAND] Deposit(account=7, amount=Decimal('2.50'))\n"
        "[EVENT] Deposited(account=7, amount=Decimal('2.50'))\n"
        "[COMMAND] Withdraw(account=7, amount=Decimal('9.00'))\n"
        "[REFUSED] Withdraw(account=7, amount=Decimal('9.00')): "
        "<Reason.NOT_ENOUGH: 'not enough money'>\n"
    ) == kit("do", "-v", DEPOSIT, WITHDRAW).err.partition("error")[0]
    assert kit("log", "-v").out.startswith("Recorded(position=1, stream='account-7', version=1, ")


def test_a_pipe_has_one_command_a_line_with_any_line_ends(kit: Kit) -> None:
    lines = f"{DEPOSIT}\r\n\n{DEPOSIT}\n  {DEPOSIT}".encode()
    assert (0, "3 of 3 commands carried out\n", "") == kit("do", "-q", stdin=lines)
    assert (0, "3 of 3 commands carried out\n", "") == kit("do", "-q", "-", stdin=lines)
    assert 6 == len(kit("log").out.splitlines())


def test_json_prints_what_import_reads(kit: Kit, tmp_path: Path) -> None:
    lines = kit("do", "--json", "-q", DEPOSIT, DEPOSIT).out
    assert ["Deposited", "Deposited"] == [json.loads(each)["type"] for each in lines.splitlines()]
    copy = str(tmp_path / "copy.db")
    assert "2 events recorded\n" == kit("import", "-", "--store", copy, stdin=lines.encode()).out


def test_a_refusal_is_one_line_and_the_others_are_done(kit: Kit) -> None:
    ended = kit("do", "-q", DEPOSIT, WITHDRAW, DEPOSIT)
    assert (1, "2 of 3 commands carried out\n") == ended[:2]
    assert "error: command 2 was refused: not enough money\n" == ended.err


def test_a_halt_leaves_the_rest_undone(kit: Kit) -> None:
    asked = (DEPOSIT, WITHDRAW, DEPOSIT)
    assert "1 of 2 commands carried out\n" == kit("do", "-q", "--halt", "Refused", *asked).out
    assert "1 of 1 command carried out\n" == kit("do", "-q", "--halt", "Deposited", *asked).out
    assert 2 == len(kit("log").out.splitlines())


def test_a_request_with_an_id_is_done_once(kit: Kit) -> None:
    for _ in range(2):
        assert (0, "2 of 2 commands carried out\n", "") == kit(
            "do", "-q", "--id", "k1", DEPOSIT, DEPOSIT
        )
    assert 2 == len(kit("log").out.splitlines())
    other = kit("do", "-q", "--id", "k1", DEPOSIT.replace("2.50", "3"))
    assert 1 == other.code
    assert "command id 'k1' has 2 other commands done" in other.err


@pytest.mark.parametrize("amount", ["12345678901234567.891", "90.10", "1e2"])
def test_an_amount_is_taken_by_the_letter(kit: Kit, amount: str) -> None:
    assert 0 == kit("do", "-q", f'{{"type": "Deposit", "account": 7, "amount": {amount}}}').code
    assert str(Decimal(amount)) in kit("log", "--json").out


EXPECTED = '{"type": "Deposit", "account": whole number, "amount": decimal}'
BAD = {
    "no JSON": ("{", "Expecting property name enclosed in double quotes"),
    "no object": ("[1]", f"no command with a type: expected {EXPECTED}"),
    "no type": ('{"account": 7}', "no command with a type: expected"),
    "a type that is none": ('{"type": 7}', "no command with a type: expected"),
    "an unknown type": (
        '{"type": "Deposited"}',
        "no command 'Deposited': did you mean Deposit? "
        "expected one of Deposit, Withdraw, Lend, Remind",
    ),
    "a missing field": (
        '{"type": "Deposit", "account": 7}',
        f"Deposit: Object missing required field `amount`: expected {EXPECTED}",
    ),
    "a strange field": (
        '{"type": "Deposit", "account": 7, "amount": "1", "amuont": 2}',
        f"Deposit: unknown field $.amuont: expected {EXPECTED}",
    ),
    "a wrong type": (
        '{"type": "Deposit", "account": "7", "amount": "1"}',
        "Deposit: Expected `int`, got `str` - at `$.account`: expected",
    ),
    "a key twice": ('{"type": "Deposit", "type": "Withdraw"}', "key 'type' stands twice"),
    "a time without a sense": (
        '{"type": "Lend", "account": 7, "back_by": "soon"}',
        'expected {"type": "Lend", "account": whole number, "back_by": date and time}',
    ),
    "deep nesting": ("[" * 100_000, "nested without an end"),
    "hostile text": (
        '{"type": "a\\nok\\u001b[31m"}',
        r"no command 'a\\nok\\x1b[31m': expected one of",
    ),
}


@pytest.mark.parametrize(("text", "reason"), BAD.values(), ids=BAD)
def test_what_is_no_command_is_one_line_and_nothing_is_done(
    kit: Kit, text: str, reason: str, store: Path
) -> None:
    for ended in (
        kit("do", DEPOSIT, text),
        kit("do", stdin=f"{DEPOSIT}\n{text}\n{DEPOSIT}\n".encode()),
    ):
        assert (2, "") == ended[:2]
        assert ended.err.startswith("error: command 2: ")
        assert reason in ended.err
        assert ended.err.endswith("nothing was done\n")
        assert 1 == ended.err.count("\n")
        assert not store.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--id", "../k", DEPOSIT), "--id: bad id '../k': expected 1 to 256 of"),
        (("--halt", "Deposit", DEPOSIT), "--halt: no event Deposit: did you mean Deposited?"),
    ],
)
def test_a_wrong_option_is_one_line(kit: Kit, arguments: tuple[str, ...], reason: str) -> None:
    ended = kit("do", *arguments)
    assert (2, "") == ended[:2]
    assert ended.err.startswith(f"error: {reason}")


def test_a_store_in_memory_goes_with_the_process(kit: Kit, tmp_path: Path) -> None:
    assert 0 == kit("do", "-q", DEPOSIT, "--store", ":memory:").code
    assert (0, "", "") == kit("log", "--store", ":memory:")
    assert [] == list(tmp_path.iterdir())


def test_a_command_for_a_stream_that_nobody_can_name_is_no_command(kit: Kit, store: Path) -> None:
    library = ("--board", "deciderkit.examples.library.board:board")
    good = '{"type": "AddCopy", "copy": "c1", "title": "Dune"}'
    ended = kit("do", *library, good, good.replace("c1", "c 1"))
    assert (2, "") == ended[:2]
    assert ended.err.startswith("error: command 2: bad id 'copy-c 1' by the key of AddCopy: ")
    assert ended.err.endswith("; nothing was done\n")
    assert not store.exists()
