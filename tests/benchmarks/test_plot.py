"""The benchmarks as a picture: each row a bar, longer where it is faster, in powers of ten."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.measure import Row
from benchmarks.plot import Bar, amount, bars_of, bars_svg

SVG = "{http://www.w3.org/2000/svg}"


def bars(text: str) -> dict[str, tuple[int, str]]:
    """The width and the colour of each bar that is drawn, by its name."""
    found = {}
    for group in ElementTree.fromstring(text).iter(f"{SVG}g"):
        name = group.find(f"{SVG}text")
        box = group.find(f"{SVG}rect")
        if name is not None and box is not None:
            found[str(name.text)] = int(box.attrib["width"]), box.attrib["fill"]
    return found


def row(name: str, seconds: float, missing: str = "") -> Row:
    return Row(name, 1000, lambda: str, "", [] if missing else [seconds], missing=missing)


def test_ten_times_as_fast_is_one_power_longer() -> None:
    drawn = bars(bars_svg([Bar("a", 1e3), Bar("b", 1e4), Bar("c", 1e5)]))
    assert {"a": 1, "b": 250, "c": 500} == {name: width for name, (width, _) in drawn.items()}


def test_peers_have_another_colour_and_what_is_missing_says_what_to_install() -> None:
    rows = [
        row("article-style dispatcher", 1),
        row("pure fold", 0.1),
        row("C loop", 1, "a C compiler"),
    ]
    text = bars_svg(bars_of(rows))
    drawn = bars(text)
    assert {"article-style dispatcher", "pure fold"} == set(drawn)
    assert drawn["article-style dispatcher"][1] != drawn["pure fold"][1]
    assert "install a C compiler" in text
    assert "1,000 commands" in text
    assert "10 k" in text


@pytest.mark.parametrize("drawn", [[], [Bar("a", 5.0)], [Bar("<b>", None)], [Bar("a", 0.02)]])
def test_there_is_a_picture_of_anything(drawn: list[Bar]) -> None:
    ElementTree.fromstring(bars_svg(drawn))


def test_a_rate_has_three_figures() -> None:
    assert ["0.05", "1.23 k", "999 k"] == [amount(rate) for rate in (0.05, 1234.5, 999_000)]


def test_the_module_writes_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.__main__.grown", lambda lengths: iter(()))
    file = tmp_path / "bars.svg"
    result = CliRunner().invoke(main, ["--commands", "1000", "--repeats", "1", "--svg", str(file)])
    assert 0 == result.exit_code
    assert {"pure fold", "simulate, 1 thread, no obstacles"} <= set(
        bars(file.read_text(encoding="utf-8"))
    )
