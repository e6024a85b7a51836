"""F1 to F17 on a server, and F9, in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.faults.harness import Figures, goes_wrong
from tests.faults.kills import (
    killed_appends,
    killed_policies,
    killed_saves,
    killed_with_checkpoints,
    unknown_outcomes,
)
from tests.faults.network import partitioned
from tests.faults.server import (
    NoHeadCheckThere,
    TornSavesThere,
    connections_cut,
    identity_order,
    server_killed,
)
from tests.faults.writers import many_writers, runners, runners_with_random_ids, tailing_reader


def test_f1_nothing_that_was_acknowledged_is_lost(server_log: str) -> None:
    assert Figures(10, 0) == killed_appends(server_log, 10)


def test_f3_a_retry_of_an_unknown_outcome_doubles_nothing(server_log: str) -> None:
    assert Figures(10, 0) == unknown_outcomes(server_log, 10)


def test_f4_many_writers_of_one_account_lose_nothing(server_log: str) -> None:
    assert Figures(64, 0) == many_writers(server_log, 4, 16)


def test_f4_control_a_store_without_the_head_check_is_caught(
    new_log: Callable[[], str], tmp_path: Path
) -> None:
    assert goes_wrong(lambda _: many_writers(new_log(), 4, 60, NoHeadCheckThere), tmp_path)


def test_f5_a_reader_that_follows_misses_nothing(server_log: str) -> None:
    assert Figures(3_600, 0) == tailing_reader(server_log, 4, 90, 10)


def test_f5_control_a_store_in_the_order_of_identities_is_caught(
    new_log: Callable[[], str], tmp_path: Path
) -> None:
    assert goes_wrong(lambda _: identity_order(new_log(), 4, 90, 10), tmp_path, tries=10)


def test_f7_every_overdraft_is_charged_just_once(server_log: str) -> None:
    assert Figures(8, 0) == killed_policies(server_log, 8)


def test_f7_control_a_checkpoint_outside_the_log_loses(
    new_log: Callable[[], str], tmp_path: Path
) -> None:
    def control(at: Path) -> Figures:
        return killed_with_checkpoints(new_log(), 12, at / "checkpoint")

    assert goes_wrong(control, tmp_path)


def test_f8_two_runners_do_each_to_do_once(server_log: str) -> None:
    assert runners(server_log, 40).wrong == 0


def test_f8_control_to_dos_under_random_ids_are_done_twice(
    new_log: Callable[[], str], tmp_path: Path
) -> None:
    assert goes_wrong(lambda _: runners_with_random_ids(new_log(), 100), tmp_path)


def test_f9_a_server_that_is_killed_loses_and_doubles_nothing() -> None:
    assert 0 == server_killed(1).wrong


def test_f9_control_a_commit_before_the_disk_has_it_loses(tmp_path: Path) -> None:
    assert goes_wrong(lambda _: server_killed(1, guarded=False), tmp_path)


def test_f9_connections_that_are_cut_lose_and_double_nothing() -> None:
    assert 0 == connections_cut(40).wrong


def test_f9_control_a_retry_under_a_fresh_id_doubles(tmp_path: Path) -> None:
    assert goes_wrong(lambda _: connections_cut(40, fresh_id=True), tmp_path)


def test_f9_a_network_that_parts_loses_and_doubles_nothing_and_holds_up_nobody_else() -> None:
    assert 0 == partitioned(1, 2).wrong


def test_f17_what_is_resumed_equals_the_full_rebuild(server_log: str) -> None:
    assert Figures(8, 0) == killed_saves(server_log, 8)


def test_f17_control_a_save_in_two_halves_differs(
    new_log: Callable[[], str], tmp_path: Path
) -> None:
    assert goes_wrong(lambda _: killed_saves(new_log(), 10, TornSavesThere, within=0.2), tmp_path)
