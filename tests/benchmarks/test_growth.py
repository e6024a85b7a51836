from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import growth
from benchmarks.chart import Chart, Line, page
from benchmarks.growth import grown_fleet, main
from benchmarks.growth_once import Growth, Task, fleet, one_rover, quarter
from mars_rover import Direction, Point, World
from mars_rover.batch import simulate

SVG = "{http://www.w3.org/2000/svg}"
numbers = st.floats(1e-6, 1e12)
printable = st.text("abc <&>\"'éΩ", max_size=5)
lines = st.lists(
    st.builds(Line, printable, st.lists(st.tuples(numbers, numbers), min_size=1)),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("length", [100, 1001, 10_000])
def test_a_quarter_done_four_times_leads_back(length: int) -> None:
    start = (Point(50, 50), Direction.NORTH)
    arrival = simulate(World(101, 103), start, quarter(length) * 4).unwrap()
    assert start == (arrival.point, arrival.direction)


def test_tasks_are_checked_and_measured() -> None:
    task: Task = {"commands": 10_000, "rovers": 0, "threads": 2, "obstacles": [(0, 0)]}
    assert "5000:5000:N" == one_rover(task)["position"]
    told = fleet({"commands": 0, "rovers": 2500, "threads": 2, "obstacles": []})
    assert (250_000, True) == (told["commands"], told["peak_megabytes"] > 0)


def test_each_measurement_has_a_process_of_its_own() -> None:
    assert [1000] == [each["commands"] for each in grown_fleet([10], threads=1)]


def here(task: Task) -> Growth:
    return fleet(task) if task["rovers"] else one_rover(task)


def test_the_plot_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_measured", here)
    file = tmp_path / "growth.svg"
    arguments = ["--commands", "1000", "--rovers", "10", "--repeats", "1", "--svg", str(file)]
    result = CliRunner().invoke(main, arguments)
    assert (0, None) == (result.exit_code, result.exception)
    drawn = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    assert "letters a second" in "".join(drawn.itertext())
    assert "rovers a second" in "".join(drawn.itertext())


@given(lines)
def test_any_lines_make_a_chart_with_all_points_within_its_axes(some: list[Line]) -> None:
    drawn = ElementTree.fromstring(page([Chart("a < b & c", "x", "y", some)]))
    circles = list(drawn.iter(f"{SVG}circle"))
    assert sum(len(line.points) for line in some) == len(circles)
    for circle in circles:
        assert 70 <= float(circle.attrib["cx"]) <= 530
        assert 46 <= float(circle.attrib["cy"]) <= 366
    texts = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    assert "a < b & c" in texts
