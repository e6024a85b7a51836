from __future__ import annotations

from deciderkit.testing import given
from mars_rover import Notified, NotifyObstacle, ObstacleNotified, Silent, notification
from mars_rover.notification import Reason

NOTIFY = NotifyObstacle("r1", "Rover r1 hit obstacle")
NOTIFIED = ObstacleNotified("r1", "Rover r1 hit obstacle")


def test_silent_notify_gives_notified() -> None:
    given(notification).when(NOTIFY).then(NOTIFIED).then_state(
        Notified("r1", "Rover r1 hit obstacle")
    )


def test_notified_notify_is_refused() -> None:
    given(notification, NOTIFIED).when(NOTIFY).then_refused(Reason.ALREADY_NOTIFIED)


def test_a_refusal_changes_nothing() -> None:
    given(notification, NOTIFIED).when(NOTIFY).then_state(Notified("r1", "Rover r1 hit obstacle"))


def test_said_once_it_is_said() -> None:
    given(notification, NOTIFIED, NOTIFIED).then_corrupt(1)


def test_only_a_notification_delivered_is_at_its_end() -> None:
    assert not notification.is_terminal(Silent())
    assert notification.is_terminal(Notified("r1", "said"))


def test_the_reason_reads_as_a_person_says_it() -> None:
    assert Reason.ALREADY_NOTIFIED.value == "already notified"
