"""When the kernel is used: when it was asked for, and when it pays. What the answer is never hangs on it."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from deciderkit.extras import MissingExtra
from mars_rover import Direction, Point, World
from mars_rover.batch import kernel as loops
from mars_rover.batch import simulate, simulate_fleet
from mars_rover.batch.shell import native
from mars_rover.batch.surveys import Kernel

ORIGIN = (Point(0, 0), Direction.NORTH)
WORLD = World(9, 9)
AS_IT_STANDS = Kernel(loops.survey, loops.search)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A process that has loaded nothing yet, and how often it loads since."""
    count: list[int] = []

    def compiled() -> Kernel:
        count.append(1)
        return AS_IT_STANDS

    monkeypatch.setattr(native, "compiled", compiled)
    monkeypatch.setattr(native, "_PATIENCE", native.Patience(letters=1000))
    return count


def test_numpy_goes_on_until_loading_has_paid(loads: list[int]) -> None:
    assert [None] * 9 == [native.chosen(None, 100) for _ in range(9)]
    assert [AS_IT_STANDS] * 2 == [native.chosen(None, 100) for _ in range(2)]
    assert [1] == loads


def test_what_was_loaded_is_used_from_the_first_letter(loads: list[int]) -> None:
    assert native.chosen("native", 1) is AS_IT_STANDS
    assert native.chosen(None, 1) is AS_IT_STANDS
    assert native.chosen("numpy", 10**12) is None
    assert [1] == loads


def test_many_programs_of_a_process_pay_together(loads: list[int]) -> None:
    programs = ["MMRM" * 50] * 6
    arrivals = [simulate(WORLD, ORIGIN, program) for program in programs]
    assert [1] == loads
    assert [arrivals[0]] * 6 == arrivals


def test_a_long_program_of_a_fleet_pays_as_well(loads: list[int]) -> None:
    fleet = simulate_fleet(WORLD, [ORIGIN], [iter(["MMRM" * 300])]).unwrap()
    assert [simulate(WORLD, ORIGIN, "MMRM" * 300, kernel="numpy").unwrap()] == list(fleet)
    assert [1] == loads


def test_nobody_waits_for_another_one_who_loads() -> None:
    began, go_on = threading.Event(), threading.Event()

    def slowly() -> Kernel:
        began.set()
        go_on.wait()
        return AS_IT_STANDS

    patience = native.Patience(letters=0)
    with patch.object(native, "compiled", slowly):
        loader = threading.Thread(target=patience.kernel_for, args=(1,))
        loader.start()
        began.wait()
        assert patience.kernel_for(1) is None
        go_on.set()
        loader.join()
    assert patience.kernel_for(1) is AS_IT_STANDS


def test_two_who_ask_for_it_at_once_load_it_once(loads: list[int]) -> None:
    asking = [threading.Thread(target=native.chosen, args=("native", 1)) for _ in range(5)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert [1] == loads


def test_without_numba_numpy_does_it_all_and_asking_for_more_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(native, "_PATIENCE", native.Patience(letters=0))
    expected = simulate(WORLD, ORIGIN, "MRMM", kernel="numpy")
    assert [expected] * 2 == [simulate(WORLD, ORIGIN, "MRMM") for _ in range(2)]
    with pytest.raises(MissingExtra, match=r"pip install 'mars-rover-decider\[native\]'"):
        simulate(WORLD, ORIGIN, "MRMM", kernel="native")


def test_where_numba_does_not_work_numpy_goes_on() -> None:
    """It may be one that does not know this processor, or a numpy that is newer than itself."""
    patience = native.Patience(letters=0)
    with patch.object(native, "compiled", side_effect=SystemError("wrong LLVM")) as broken:
        assert [None, None] == [patience.kernel_for(1) for _ in range(2)]
    broken.assert_called_once()


def test_a_kernel_that_there_is_not_is_refused() -> None:
    unknown: Any = "cobol"
    told = simulate(WORLD, ORIGIN, "M", kernel=unknown).failure()
    assert "kernel 'cobol': expected numpy, native or None" == str(told)


def test_where_numba_may_keep_no_file_it_is_asked_to_keep_none() -> None:
    asked = []

    def njit(**options: bool) -> Any:
        def made(function: Any) -> Any:
            asked.append(options)
            if options.get("cache"):
                raise RuntimeError("cannot cache function: no locator available")
            return function

        return made

    fake = SimpleNamespace(njit=njit, types=None)
    extending = SimpleNamespace(
        intrinsic=lambda function: function,
        overload=lambda _: lambda function: function,
        register_jitable=lambda function: function,
    )
    with patch.dict(sys.modules, {"numba": fake, "numba.extending": extending}):
        assert AS_IT_STANDS == native.compiled()
    assert [{"nogil": True, "cache": True}, {"nogil": True}, {"nogil": True}] == asked


@pytest.mark.parametrize(
    ("kernel", "loaded"), [("None", "False"), ("'numpy'", "False"), ("'native'", "True")]
)
def test_a_small_program_does_not_load_numba(kernel: str, loaded: str) -> None:
    program = (
        "import sys; from mars_rover import *; from mars_rover.batch import simulate;"
        f"simulate(World(9, 9), (Point(0, 0), Direction.NORTH), 'MRM', kernel={kernel}).unwrap();"
        "print('numba' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert loaded == told.stdout.strip()
