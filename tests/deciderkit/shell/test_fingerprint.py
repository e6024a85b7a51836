"""What a fold saved is taken up again by the same fold only, so a fingerprint sees what could change it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from operator import add, attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from deciderkit.shell.fingerprint import fingerprint
from deciderkit.shell.memory import MemoryEventStore
from deciderkit.shell.saved_folds import SavedReading, SavedStates
from deciderkit.shell.saved_views import STEP, MemorySavedViews
from pyrsistent import pmap, pvector

from deciderkit import Aggregate, Board, Decider, Projection
from deciderkit.log.recorded import Recorded
from deciderkit.log.value_codec import NotSavable
from tests.deciderkit.turnstile import CoinTaken, board, turnstiles

SHOP = {
    "shop/__init__.py": "",
    "shop/settings.py": "FACTOR = 2\n",
    "shop/deep/__init__.py": "from shop.deep.sums import plus\n",
    "shop/deep/sums.py": "def plus(a, b):\n    return a + b\n",
    "shop/late.py": "LATE = 1\n",
    "shop/sibling.py": "NEXT = 1\n",
    "shop/other.py": "UNUSED = 1\n",
    "rates.py": "RATE = 3\n",
    "shop/folds.py": """
from shop.settings import FACTOR
from shop.deep import plus
from . import sibling
import rates

def evolve(total, event):
    from shop.late import LATE
    return plus(total, event * FACTOR * rates.RATE * LATE * sibling.NEXT)

def scaled(by):
    def evolve(total, event):
        return total + event * by
    return evolve

def recursive(depth):
    def down(total, event):
        return down(total, event) if depth < 0 else total
    return down

first, second = lambda total, event: total, lambda total, event: event
""",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, source in SHOP.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [each for each in sys.modules if each.partition(".")[0] in ("shop", "rates")]:
        del sys.modules[name]


def folds() -> Any:
    return importlib.import_module("shop.folds")


@pytest.mark.parametrize(
    "name",
    [each for each in SHOP if each != "shop/other.py"],
)
def test_a_change_in_what_a_fold_imports_is_seen(shop: Path, name: str) -> None:
    """The late one is imported by a call, and nobody has called."""
    before = fingerprint(folds().evolve)
    assert before == fingerprint(folds().evolve)
    with (shop / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert before != fingerprint(folds().evolve)


def test_control_a_change_elsewhere_is_not_seen(shop: Path) -> None:
    before = fingerprint(folds().evolve)
    (shop / "shop" / "other.py").write_text("UNUSED = 2\n", encoding="utf-8")
    assert before == fingerprint(folds().evolve)


def test_a_package_that_was_installed_sees_its_own_changes(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = shop / "site-packages"
    installed.mkdir()
    (shop / "shop").rename(installed / "shop")
    monkeypatch.syspath_prepend(str(installed))
    before = fingerprint(folds().evolve)
    (installed / "shop" / "settings.py").write_text("FACTOR = 3\n", encoding="utf-8")
    assert before != fingerprint(folds().evolve)


def test_values_in_a_closure_are_seen(shop: Path) -> None:
    scaled = folds().scaled
    assert fingerprint(scaled(2)) == fingerprint(scaled(2))
    assert fingerprint(scaled(2)) != fingerprint(scaled(3))
    assert fingerprint(scaled(scaled(2))) != fingerprint(scaled(scaled(3)))
    assert fingerprint(partial(scaled, 2)) != fingerprint(partial(scaled, 3))


def test_a_function_may_call_itself(shop: Path) -> None:
    recursive = folds().recursive
    assert fingerprint(recursive(1)) == fingerprint(recursive(1))
    assert fingerprint(recursive(1)) != fingerprint(recursive(2))


def test_two_functions_of_one_line_are_two(shop: Path) -> None:
    assert fingerprint(folds().first) != fingerprint(folds().second)


VALUES: list[Any] = [
    *(0, 0.0, -0.0, False, None, "", b"", "0", float("nan"), float("inf")),
    *((), [], {}, set(), frozenset(), pvector(), pmap(), (0,), [0], {0: 1}, {0}, pmap({0: 1})),
    *(add, str.upper, attrgetter("a"), attrgetter("b"), int, CoinTaken),
    *(CoinTaken("a", 1), CoinTaken("a", 2)),
]


def test_values_that_a_fold_could_tell_apart_are_told_apart() -> None:
    assert len(VALUES) == len({fingerprint(each) for each in VALUES})
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


class Holder:
    """An object whose source says nothing about what it holds."""

    def __call__(self, total: int, event: int) -> int:
        return total


def typed(module: ModuleType) -> Any:
    exec("fold = lambda state, event: state", vars(module))
    return module.fold


def test_what_cannot_be_told_has_no_fingerprint(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Local:
        pass

    typed_by_hand, generated = ModuleType("typed_by_hand"), ModuleType("generated")
    generated.__file__ = __file__
    for module in (typed_by_hand, generated):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    loop: list[Any] = []
    loop.append(loop)
    for each, reason in (
        (typed(typed_by_hand), "typed_by_hand has no source file"),
        (typed(generated), "<lambda> has no source in generated"),
        (typed(ModuleType("nowhere")), "<lambda> stands in no module"),
        (Holder(), "a Holder cannot be told"),
        (folds().scaled(Holder()), "a Holder cannot be told"),
        (Local, "Local is made anew each time"),
        (loop, "RecursionError"),
    ):
        with pytest.raises(NotSavable, match=reason):
            fingerprint(each)


def total(taken: int, event: CoinTaken) -> int:
    return taken + event.value


def with_view(initial: int, evolve: Any) -> Board:
    return Board((turnstiles,), (), (Projection("total", initial, evolve),))


def made_by(wall: Board) -> str:
    """The fingerprint of what is saved of ``wall``; nothing if nothing is."""
    saved = Shown()
    SavedReading(wall, MemoryEventStore(), saved).keep(wall.follow([CoinTaken("a", 1)] * STEP))
    return saved.made_by("reading")


class Shown(MemorySavedViews):
    def made_by(self, name: str) -> str:
        return self._saved[name].fingerprint if name in self._saved else ""


def test_where_a_view_begins_is_seen() -> None:
    assert made_by(with_view(0, total)) == made_by(with_view(0, total))
    assert made_by(with_view(0, total)) != made_by(with_view(5, total))


def test_the_key_of_a_policy_is_seen() -> None:
    def keyed(key: Any) -> Board:
        return replace(board, policies=(replace(board.policies[0], key=key),), projections=())

    assert made_by(keyed(attrgetter("turnstile"))) == made_by(keyed(attrgetter("turnstile")))
    assert made_by(keyed(attrgetter("turnstile"))) != made_by(keyed(attrgetter("turnstile.x")))


def test_where_a_stream_begins_and_its_key_are_seen() -> None:
    def kept(aggregate: Aggregate) -> str:
        saved = Shown()
        last = Recorded(STEP, "counter-a", STEP, CoinTaken("a", 1), "c1", "2026")
        SavedStates(saved).keep(aggregate, last, 7)
        return saved.made_by("stream:counter-a")

    unused: Any = Holder()
    fold: Any = total
    decider = Decider[Any, Any, int, Any](0, unused, fold, unused)
    counters = Aggregate("Counter", "counter", decider, attrgetter("turnstile"))
    assert kept(counters) == kept(replace(counters, name="Counter"))
    changed = (
        replace(counters, decider=replace(decider, initial=1)),
        replace(counters, key=attrgetter("value")),
        replace(counters, name="Sum"),
    )
    assert 4 == len({kept(each) for each in (counters, *changed)} - {""})


def test_a_view_whose_fold_cannot_be_told_is_not_saved() -> None:
    def local(taken: int, event: CoinTaken) -> int:
        return taken + event.value + len(str(holder))

    holder = Holder()
    assert made_by(with_view(0, total))
    assert not made_by(with_view(0, local))
