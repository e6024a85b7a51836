"""``store create``: where it is to make a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Kit


def test_a_log_is_made_where_all_commands_look_for_it(kit: Kit, store: Path) -> None:
    ended = kit("store", "create")
    assert (2, "") == ended[:2]
    assert f"error: {store}: expected postgresql://..." in ended.err


def test_an_address_that_is_given_goes_before_the_variable(kit: Kit) -> None:
    assert "error: other.db: expected postgresql://..." in kit("store", "create", "other.db").err


def test_without_any_store_one_is_asked_for(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DECIDERKIT_STORE")
    ended = kit("store", "create")
    assert (2, "error: Missing argument '[URL]'.\n") == (ended.code, ended.err)
