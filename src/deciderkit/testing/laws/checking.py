"""Laws under Hypothesis: many examples, the smallest one that breaks the law, and how to see it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from secrets import randbits
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from deciderkit.testing.laws.law import Law, LawBroken, Unasked, name_of
from deciderkit.testing.laws.page import write_page
from pytest_deciderkit import Verdict, conduct


class Checked(NamedTuple):
    """The laws that held, and those that could not be asked, with the reason.

    >>> print(Checked(("decide_is_total",), ()))
    1 law holds
    >>> print(Checked(("a", "b"), (("c", "it was night"),)))
    2 laws hold, 1 left out: c (it was night)
    """

    held: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        count = len(self.held)
        text = f"{count} law{'' if count == 1 else 's'} hold{'s' if count == 1 else ''}"
        if not self.left_out:
            return text
        reasons = "; ".join(f"{law} ({why})" for law, why in self.left_out)
        return f"{text}, {len(self.left_out)} left out: {reasons}"


def all_of(parts: Iterable[Checked]) -> Checked:
    """What held and what was left out in all of ``parts``."""
    held, left_out = zip(*parts, strict=True)
    return Checked(sum(held, ()), sum(left_out, ()))


def check_all(
    laws: Iterable[Law[Any]],
    subjects: tuple[Any, ...],
    examples: SearchStrategy[Any],
    max_examples: int | None = None,
    seed: int | None = None,
) -> Checked:
    """Check ``laws`` one after the other. Raises `LawBroken` at the first that does not hold."""
    __tracebackhide__ = True
    held: list[str] = []
    left_out: list[tuple[str, str]] = []
    for law in laws:
        try:
            check(law, subjects, examples, max_examples, seed)
            held.append(law.name)
        except Unasked as reason:
            left_out.append((law.name, str(reason)))
    return Checked(tuple(held), tuple(left_out))


def check(
    law: Law[Any],
    subjects: tuple[Any, ...],
    examples: SearchStrategy[Any],
    max_examples: int | None = None,
    seed: int | None = None,
) -> None:
    """Hold ``law`` against as many examples as the Hypothesis profile in force asks for.

    Raises `LawBroken` with the smallest example that Hypothesis finds, and with what shows it again.
    """
    __tracebackhide__ = True
    drawn = profile(max_examples or conduct.examples)
    seed = _seed(conduct.seed if seed is None else seed, drawn)
    verdict = Verdict(law.kind, label(subjects[0]), law.name, "held")
    broken = None
    try:
        _test(law, subjects, examples, drawn, seed)()
    except LawBroken as found:
        broken = found
    except Flaky as flaky:
        broken = _first_broken(flaky)
        broken.args = (f"{broken}\n  (it does not show every time that the same is asked)",)
    except Unasked:
        conduct.tell(verdict._replace(came="left out"))
        raise
    conduct.tell(verdict if broken is None else verdict._replace(came="broken"))
    if broken is not None:
        broken.subject = label(subjects[0])
        broken.__notes__ = [_again(seed)]
        if conduct.pages is not None:
            broken.__notes__.append(write_page(broken, conduct.pages))
        raise broken.with_traceback(None)


def label(subject: Any) -> str:
    """The name of a subject: its own, else that of the function that decides, or of what is on a board."""
    if notes := getattr(subject, "aggregates", ()):
        return ", ".join(each.name for each in notes)
    name = getattr(subject, "name", None)
    if isinstance(name, str):
        return name
    told = name_of(getattr(subject, "decide", subject))
    return type(subject).__name__ if " at 0x" in told else told


def profile(max_examples: int | None) -> settings:
    """The Hypothesis profile in force, less what a law does not need."""
    now = settings()
    return settings(
        now,
        max_examples=max_examples or now.max_examples,
        deadline=None,
        report_multiple_bugs=False,
        phases=[phase for phase in now.phases if phase is not Phase.explain],
        suppress_health_check=[*now.suppress_health_check, HealthCheck.too_slow],
    )


def _seed(asked: int | None, profile: settings) -> int | None:
    """A seed that can be printed; none where the profile is derandomised and looks the same anyway."""
    return randbits(32) if asked is None and not profile.derandomize else asked


def _test(
    law: Law[Any],
    subjects: tuple[Any, ...],
    examples: SearchStrategy[Any],
    profile: settings,
    seed: int | None,
) -> Callable[[], None]:
    def test(example: Any) -> None:
        __tracebackhide__ = True
        law(*subjects, example)

    # Hypothesis remembers failures, and derandomises, by the name and not by what is closed over.
    test.__name__ = re.sub(r"\W", "_", f"{law.name}_of_{label(subjects[0])}")
    drawn = profile(given(example=examples)(test))
    return drawn if seed is None else seeded(seed)(drawn)


def _first_broken(flaky: Flaky) -> LawBroken:
    for error in getattr(flaky, "exceptions", [flaky.__cause__, flaky.__context__]):
        if isinstance(error, LawBroken):
            return error
    raise flaky


def _again(seed: int | None) -> str:
    if seed is None:
        return "to see it again, run the same: the examples do not change from run to run"
    return f"to see it again: pytest --laws-seed={seed}, or seed={seed} where it is checked"


def runs(steps: SearchStrategy[Any]) -> SearchStrategy[Sequence[Any]]:
    """Short and long lists of ``steps``: what breaks a law is often small, and sometimes far away."""
    return st.lists(steps, max_size=8) | st.lists(steps, min_size=8, max_size=30)
