"""What is told of a run becomes decisions: each event and each refusal in the one that it came from."""

from __future__ import annotations

from dataclasses import replace

from deciderkit import Refused
from deciderkit.log.recorded import Recorded
from deciderkit.outcomes import Parked, Submitted
from deciderkit.picture.steps import Asked, Failed, Origin, Step, Told, steps
from tests.deciderkit.picture import bank


def event(position: int, command_id: str = "c") -> Recorded[str]:
    return Recorded(position, "door-1", position, f"event {position}", command_id, "")


def test_events_and_refusals_belong_to_the_command_before_them() -> None:
    refused = Refused("push", "locked")
    told: list[Told] = [Asked("open"), event(1), event(2), Asked("push"), refused, Asked("wait")]
    assert (
        Step("open", (event(1), event(2))),
        Step("push", refused=refused),
        Step("wait"),
    ) == steps(told)


def test_a_refusal_that_nobody_announced_is_a_step_of_its_own() -> None:
    refused = Refused("push", "locked")
    assert (Step("push", refused=refused),) == steps([refused])
    assert (Step("open", (event(1),)), Step("push", refused=refused)) == steps(
        [Asked("open"), event(1), refused]
    )


def test_a_to_do_that_was_parked_is_a_step_that_came_to_nothing() -> None:
    origin = Origin("ring", 3)
    failed = Failed("call", "undelivered", origin, verdict="parked")
    told: list[Told] = [event(1), failed, event(2)]
    assert (
        Step(events=(event(1),)),
        Step("call", refused=failed, origin=origin),
        Step(events=(event(2),)),
    ) == steps(told)


def test_a_log_alone_makes_a_step_of_each_command_id() -> None:
    log = [event(1, "a"), event(2, "a"), event(3, "b")]
    assert (Step(events=tuple(log[:2])), Step(events=tuple(log[2:]))) == steps(log)


def test_a_command_id_tells_which_to_do_asked() -> None:
    origins = {"todo-1": Origin("ring", 1)}
    told = steps([event(1, "a"), event(2, "todo-1")], origins.get)
    assert [None, Origin("ring", 1)] == [step.origin for step in told]


def test_an_announced_origin_goes_before_that_of_an_id() -> None:
    origin = Origin("said", 1)
    [step] = steps([Asked("call", origin), event(2, "x")], lambda id: Origin("read", 2))
    assert origin == step.origin


def test_nothing_told_is_no_step() -> None:
    assert () == steps([])


def test_what_an_observer_of_the_loop_is_told_is_taken_as_it_is() -> None:
    [todo] = bank.fee.todos([bank.Overdrawn(1)])
    [poor] = replace(bank.fee, then=raising).todos([bank.Overdrawn(1)])
    origin = Origin("charge fee", 1)
    refused = Refused("push", "locked")
    told: list[Told] = [
        *(Submitted("open"), event(1), Submitted("push"), refused),
        *(Parked(todo, "it led to nothing"), Parked(poor, "no fee")),
    ]
    assert (
        Step("open", (event(1),)),
        Step("push", refused=refused),
        Step(todo.command, (), Failed(todo.command, "it led to nothing", origin, "parked"), origin),
        Step(None, (), Failed(None, "no fee", origin, "parked"), origin),
    ) == steps(told)


def raising(event: bank.Overdrawn) -> bank.ChargeFee:
    raise RuntimeError("no fee")
