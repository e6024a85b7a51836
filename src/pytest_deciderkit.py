"""The pytest plugin: options for the laws, a summary of them, and no scenario without a ``then``.

It stands beside the package and not in it: pytest imports its plugins at the start of every run,
before coverage counts and whether or not a test uses the kit. So this one imports nothing of the
kit; the kit's testing half looks here for how it is to be conducted.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

LAW: Final = "law"
"""The name under which a test's report carries its verdicts, also from another process."""

IDLE: Final = "idle"
"""What comes of a field by which nothing was ever changed."""

NAMED: Final = 10
"""How many of those fields the summary names."""


class ForgottenThen(UserWarning):
    """A scenario that asserts nothing: ``when`` was called, and no ``then``."""


class Verdict(NamedTuple):
    """What came of a law: ``held``, ``broken`` or ``left out``.

    ``idle`` is a report and no law: ``law`` is then a field that no example changed anything by.
    """

    kind: str
    subject: str
    law: str
    came: str


def keep_silent(verdict: Verdict) -> None:
    """Tell nobody."""


def warn_of_forgotten(story: str) -> None:
    """Say aloud that a scenario asserted nothing."""
    warnings.warn(story, ForgottenThen, stacklevel=3)


@dataclass
class Conduct:
    """How laws and scenarios are checked in this process, and who is told what came of them."""

    examples: int | None = None
    seed: int | None = None
    pages: Path | None = None
    tell: Callable[[Verdict], None] = keep_silent
    tell_forgotten: Callable[[str], None] = warn_of_forgotten


conduct = Conduct()
"""As it is outside of pytest; a run of pytest sets it for each of its tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options: how many examples, from which seed, and where to draw a law that is broken."""
    group = parser.getgroup("deciderkit", "laws of deciders")
    group.addoption(
        "--laws-examples",
        type=_at_least_one,
        metavar="N",
        help="hold each law against N examples (default: as many as the Hypothesis profile says)",
    )
    group.addoption(
        "--laws-seed",
        type=int,
        metavar="S",
        help="draw the examples of every law from seed S, as a broken law prints it",
    )

    group.addoption(
        "--laws-html",
        metavar="DIR",
        help="write the smallest example that breaks a law as a page into DIR, to step through",
    )


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Conduct the laws of one test as the options say; its report brings home what came of them."""
    conduct.examples = item.config.getoption("--laws-examples")
    conduct.seed = item.config.getoption("--laws-seed")
    folder = item.config.getoption("--laws-html")
    conduct.pages = item.config.invocation_params.dir / folder if folder else None
    conduct.tell = lambda verdict: item.user_properties.append((LAW, tuple(verdict)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """Fail a test that forgot what it wanted to assert."""
    forgotten: list[str] = []
    conduct.tell_forgotten = forgotten.append
    try:
        result = yield
    finally:
        conduct.tell_forgotten = warn_of_forgotten
    if forgotten:
        pytest.fail("\n".join(forgotten), pytrace=False)
    return result


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line: how many laws were checked, for what, and how many are broken."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    verdicts = [verdict for report in reports for verdict in _verdicts(report)]
    if verdicts:
        terminalreporter.write_line(summary(verdicts))


def _verdicts(report: Any) -> list[Verdict]:
    """The verdicts that a report brings; a broken law that a test has expected is no news."""
    properties = getattr(report, "user_properties", ())
    verdicts = [Verdict(*value) for name, value in properties if name == LAW]
    failed = getattr(report, "failed", False)
    return [verdict for verdict in verdicts if failed or verdict.came != "broken"]


def summary(verdicts: list[Verdict]) -> str:
    """The verdicts in one line, and in a second some of the fields that changed nothing.

    >>> held, broken = Verdict("decider", "door", "a", "held"), Verdict("decider", "door", "b", "broken")
    >>> summary([held, broken])
    'laws: 2 checked for 1 decider, 1 broken'
    """
    idle = list(dict.fromkeys(verdict.law for verdict in verdicts if verdict.came == IDLE))
    verdicts = [verdict for verdict in verdicts if verdict.came != IDLE]
    worst = ["held", "left out", "broken"]
    by_law = {
        verdict[:3]: verdict
        for verdict in sorted(verdicts, key=lambda each: worst.index(each.came))
    }
    came = Counter(verdict.came for verdict in by_law.values())
    subjects = sorted({(verdict.kind, verdict.subject) for verdict in by_law.values()})
    counted = [
        _plural(number, kind) for kind, number in Counter(kind for kind, _ in subjects).items()
    ]
    checked = came["held"] + came["broken"]
    line = f"laws: {checked} checked for {_joined(counted)}, {came['broken']} broken"
    if came["left out"]:
        line += f", {came['left out']} left out"
    return f"{line}\nfields that no example changed anything by: {_first(idle)}" if idle else line


def _first(names: list[str]) -> str:
    """As many of ``names`` as can be taken in, and how many more there are."""
    more = len(names) - NAMED
    said = ", ".join(names[:NAMED])
    return f"{said} and {more} more" if more > 0 else said


def _plural(number: int, kind: str) -> str:
    many = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    return f"{number} {kind if number == 1 else many}"


def _joined(parts: list[str]) -> str:
    *before, last = parts
    return f"{', '.join(before)} and {last}" if before else last
