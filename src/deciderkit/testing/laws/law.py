"""What a law is: a sentence about any decider, projection, policy or board, and a function that asks.

A law is called with its subject and one example, and is silent where it holds. Where it does not, it
raises `LawBroken`, which tells the story: the law, the example, and what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import escape
from textwrap import indent
from typing import Any, Generic, NoReturn, ParamSpec
from unittest import SkipTest

from deciderkit.testing.snapshot import snapshot

P = ParamSpec("P")

_OFTEN = 3


class Counterexample(Exception):
    """What a law found that must not be: facts by name, in the order in which to tell them."""

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts


class Unasked(SkipTest):
    """A law could not be asked of this subject, and why. It is left out, visibly."""


class StoodBack(Unasked):
    """A law that would only repeat what another one, on which it leans, tells already."""


class LawBroken(AssertionError):
    """A law does not hold. ``law`` is the law, ``facts`` is what was found.

    ``asked`` is what the law was called with: its subject, named ``subject``, and the example.
    """

    def __init__(
        self, law: Law[Any], facts: dict[str, object], story: str, asked: tuple[Any, ...] = ()
    ) -> None:
        super().__init__(story)
        self.law = law
        self.facts = facts
        self.asked = asked
        self.subject = ""

    def _repr_html_(self) -> str:
        """In a notebook: the story in its words."""
        return f"<pre>{escape(str(self))}</pre>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """In IPython, where there is no HTML: which law it is, in one line."""
        printer.text(f"LawBroken: {self.law.sentence} ({self.law.name})")


@dataclass(frozen=True)
class Law(Generic[P]):
    """A law of one ``kind`` of subject. ``asks`` raises `Counterexample`; calling the law `LawBroken`.

    ``tells`` gives, from the same arguments, the lines of the story: which subject, what was done.
    ``leans_on`` are the laws without which this one cannot hold: where one of them is broken by the
    same example, this one stands back, so that one fault is told once.
    """

    asks: Callable[P, None]
    kind: str
    tells: Callable[..., list[str]]
    leans_on: tuple[Law[P], ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The name of the function that asks."""
        return self.asks.__name__

    @property
    def sentence(self) -> str:
        """What the law says, in one sentence: the first paragraph of its function."""
        paragraph = (self.asks.__doc__ or self.name).split("\n\n")[0]
        return " ".join(paragraph.split())

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Hold the law against one example."""
        __tracebackhide__ = True
        try:
            self.asks(*args, **kwargs)
        except Counterexample as found:
            facts, cause = found.facts, None
        except (LawBroken, SkipTest):
            raise
        except Exception as error:
            facts, cause = {"raised": error}, error
        else:
            return
        for other in self.leans_on:
            other.stands_back(self, *args, **kwargs)
        raise LawBroken(self, facts, self._story(facts, *args, **kwargs), args) from cause

    def stands_back(self, leaning: Law[P], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Let ``leaning`` stand back where this law is broken; asked often enough to see chance too."""
        for _ in range(_OFTEN):
            try:
                self(*args, **kwargs)
            except (LawBroken, StoodBack):
                raise StoodBack(f"{leaning.name} leans on {self.name}, which is broken") from None
            except Unasked:
                return

    def _story(self, facts: dict[str, object], *args: Any, **kwargs: Any) -> str:
        width = max(map(len, facts))
        found = [f"{name:{width}}  {_shown(value)}" for name, value in facts.items()]
        told = "\n".join([*self.tells(*args, **kwargs), "found:", indent("\n".join(found), "  ")])
        return f"broken law: {self.sentence}\n{indent(told, '  ')}\n  ({self.name})"


def about(kind: str, tells: Callable[..., list[str]]) -> Callable[[Callable[P, None]], Law[P]]:
    """A decorator that makes a law of one kind of subject out of a function that asks."""

    def make(asks: Callable[P, None]) -> Law[P]:
        return Law(asks, kind, tells)

    return make


def leaning_on(*laws: Law[P]) -> Callable[[Law[P]], Law[P]]:
    """A decorator that makes a law stand back where one of ``laws`` is broken."""

    def make(law: Law[P]) -> Law[P]:
        return replace(law, leans_on=laws)

    return make


def hold_alike(expected: object, actual: object, **facts: object) -> None:
    """Find a counterexample unless both look the same all the way down."""
    if snapshot(expected) != snapshot(actual):
        contradict(**facts, expected=expected, actual=actual)


@contextmanager
def left_alone(**arguments: object) -> Iterator[None]:
    """Find a counterexample if one of ``arguments`` does not look the same afterwards."""
    before = {name: (snapshot(value), repr(value)) for name, value in arguments.items()}
    yield
    for name, value in arguments.items():
        seen, printed = before[name]
        if seen != snapshot(value):
            contradict(**{f"{name}_before": Told(printed), f"{name}_after": value})


def contradict(**facts: object) -> NoReturn:
    """Say what was found that must not be."""
    raise Counterexample(**facts)


def name_of(function: object) -> str:
    """Where a function comes from, as a person looks for it."""
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
    return f"{module}.{name}" if name else repr(function)


def _shown(value: object) -> str:
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    return value if isinstance(value, Told) else repr(value)


class Told(str):
    """A fact in words, to be printed without quotes."""

    __slots__ = ()
