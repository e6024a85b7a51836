"""A seal is for one fold of one program, in one place of one log."""

from __future__ import annotations

from deciderkit.log.answers import Saved
from deciderkit.log.sealing import seal


def test_whatever_is_sealed_has_a_seal_of_its_own() -> None:
    saved = Saved(7, "v1", b"{}")
    seals = {
        seal("todos", saved, 5),
        seal("state", saved, 5),
        seal("todos", saved, 6),
        seal("todos", saved, "5 "),
        seal("todos", Saved(8, "v1", b"{}"), 5),
        seal("todos", Saved(7, "v2", b"{}"), 5),
        seal("todos", Saved(7, "v1", b"[]"), 5),
        seal("todos", Saved(7, "v1", b""), "5\0{}"),
    }
    assert 8 == len(seals)
