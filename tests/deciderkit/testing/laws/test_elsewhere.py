from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deciderkit import Decider, Refused
from deciderkit.testing.laws import LawBroken, Unasked
from deciderkit.testing.laws.decider import a_decider_does_not_depend_on_the_hash_seed as law
from deciderkit.testing.laws.elsewhere import ABROAD, SEEDED, answers, answers_elsewhere
from tests.deciderkit import turnstile as domain
from tests.mutants.turnstiles import in_the_order_of_a_set

ASKED = [domain.InsertCoin("t", 2), domain.Push("t"), domain.Push("t")]

ELSEWHERE = """
from deciderkit import Decider, Refused

def decide(command, state):
    print("what a decider prints is no answer")
    return (command,)

def evolve(state, event):
    if event == "boom":
        raise ValueError(event)
    return state + event

letters = Decider("", decide, evolve, bool)
"""


def test_a_sound_decider_answers_the_same_under_every_hash_seed() -> None:
    here = answers(domain.decide, domain.evolve, domain.Locked(), ASKED)
    places = (*SEEDED, *ABROAD)
    there = answers_elsewhere(domain.turnstile, ASKED, places)
    assert dict.fromkeys(places, here) == dict(there)
    law(domain.turnstile, ASKED)


def test_the_order_of_a_set_is_found_out() -> None:
    in_order = replace(domain.turnstile, decide=in_the_order_of_a_set)
    with pytest.raises(LawBroken, match="a process with hash seed "):
        law(in_order, [domain.Kick("t")])


def test_a_module_that_is_not_on_the_path_is_loaded_from_its_file(tmp_path: Path) -> None:
    name = "a_module_that_only_this_test_knows"
    path = tmp_path / f"{name}.py"
    path.write_text(ELSEWHERE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    try:
        law(module.letters, ["a", "b", "boom"])
    finally:
        del sys.modules[name]


def decide_nothing(command: int, state: int) -> tuple[int, ...]:
    return ()


def evolve_nothing(state: int, event: int | Refused[int, str]) -> int:
    return state


@pytest.mark.parametrize("module", ["", ".inner"])
def test_a_package_that_is_on_nobodys_path_is_found_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """As where a test runner imports a package from its files; its modules import each other."""
    package = f"a_package_of_this_test{len(module)}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "letters.py").write_text(ELSEWHERE, encoding="utf-8")
    text = f"from {package}.letters import *\ndecide.__module__ = evolve.__module__ = __name__\n"
    for name in {"__init__", module.removeprefix(".") or "__init__"}:
        (tmp_path / package / f"{name}.py").write_text(text if name in module or not module else "")
    with monkeypatch.context() as patched:
        patched.syspath_prepend(tmp_path)
        found = importlib.import_module(package + module)
    try:
        law(found.letters, ["a", "b", "boom"])
    except Unasked as left_out:  # pytest would take it for a skipped test
        pytest.fail(str(left_out))
    finally:
        for name in [each for each in sys.modules if each.startswith(package)]:
            del sys.modules[name]


def test_what_another_process_cannot_import_is_left_out_with_the_reason() -> None:
    anonymous = Decider[int, int, int, str](
        0, lambda command, state: (), lambda state, event: 0, lambda state: False
    )
    with pytest.raises(Unasked, match="must be importable by name"):
        law(anonymous, [1])


def test_what_is_typed_in_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide_nothing, "__module__", "__main__")
    monkeypatch.setattr(sys.modules["__main__"], "decide_nothing", decide_nothing, raising=False)
    typed = Decider[int, int, int, str](0, decide_nothing, evolve_nothing, bool)
    with pytest.raises(Unasked, match="typed in or run as a script"):
        law(typed, [1])


def test_a_process_with_another_hash_seed_starts_no_further_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DECIDERKIT_OTHER_PROCESS", "yes")
    with pytest.raises(Unasked, match="already"):
        law(domain.turnstile, ASKED)
