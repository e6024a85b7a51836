"""Bugs of the dispatch loop: requests, batches, to-dos, parking, deliveries, saved folds, views."""

from __future__ import annotations

from tests.mutants.shell.bug import Bug

_REQUEST = "deciderkit/test_request.py::"
_LOOP = "deciderkit/shell/dispatch/test_dispatcher.py::"
_REACT = "deciderkit/shell/dispatch/test_reacting.py::"
_SAVED = "deciderkit/shell/test_saved.py::"
_POLICY = "deciderkit/test_policy.py::"
_PLAN = "deciderkit/test_planning.py::"
_RETRY = "test_a_retry_ends_as_if_the_first_try_had_been_answered"

REQUESTS = tuple(
    Bug(wrong, "request", there, instead, _REQUEST + test)
    for wrong, there, instead, test in (
        (
            "a tally that counts the refused tail",
            "recorded = planned.recorded\n        refused,",
            "recorded = len(planned.decisions)\n        refused,",
            "test_what_was_refused_behind_the_last_event_is_no_part_of_the_tally",
        ),
        ("an append says nothing was done before", "self._recorded, tally)", "0, tally)", _RETRY),
        (
            "an append that does not know its own refusals",
            "Tally(self.done + recorded, refused,",
            "Tally(self.done + recorded, 0,",
            "test_a_retry_is_told_the_first_outcome_even_if_the_world_has_moved_on",
        ),
        (
            "a request that was halted goes on",
            "self.halted = tally.halted",
            "self.halted = False",
            "test_a_retry_halts_where_the_first_try_did",
        ),
        (
            "a halt is not recorded",
            "refusal, halted, digest.hexdigest()",
            "refusal, False, digest.hexdigest()",
            "test_a_retry_halts_where_the_first_try_did",
        ),
        (
            "other commands pass under a used id",
            "if digest.hexdigest() != tally.digest:",
            "if False:",
            "test_an_id_that_was_used_for_other_commands_is_a_failure",
        ),
        (
            "loose commands are left out of the digest",
            "(*self._loose, *commands[:recorded])",
            "commands[:recorded]",
            _RETRY,
        ),
        (
            "what was skipped is done again",
            "        for _ in skipped:\n            self._waiting.popleft()\n",
            "",
            _RETRY,
        ),
        (
            "commands in hand are lost when overtaken",
            "reversed([*self._loose, *commands])",
            "reversed([*self._loose])",
            "test_another_try_that_is_faster_is_taken_as_the_outcome",
        ),
        (
            "commands left over after a conflict are dropped",
            "self._waiting.extendleft(reversed(commands[decided:]))",
            "pass",
            "test_commands_left_over_after_a_conflict_are_not_reported_as_carried_out",
        ),
        (
            "a batch takes commands of another stream",
            "if type(command) not in own or key_of(command) != key:",
            "if type(command) not in own:",
            "test_commands_of_another_stream_or_aggregate_begin_another_batch",
        ),
        (
            "refusals are numbered from the batch",
            "Refusal(self.done + place + 1, reason)",
            "Refusal(place + 1, reason)",
            _RETRY,
        ),
        (
            "the report counts refusals as carried out",
            "Report(self.done - self.refused,",
            "Report(self.done,",
            "test_a_retry_is_told_the_first_outcome_even_if_the_world_has_moved_on",
        ),
        (
            "more is in hand than a chunk",
            "missing = size - len(self._waiting)",
            "missing = size + 1 - len(self._waiting)",
            "test_what_is_in_hand_is_no_more_than_a_chunk",
        ),
    )
)

LOOP = tuple(
    Bug(wrong, f"shell.dispatch.{module}", there, instead, test)
    for wrong, module, there, instead, test in (
        (
            "a refusal is not held against the log",
            "carrying",
            "elif value(store.version(stream)) == version:",
            "elif True:",
            _LOOP + "test_a_decision_without_events_counts_only_where_it_was_made",
        ),
        (
            "a conflict is decided on the old state",
            "carrying",
            "            reading.refresh(aggregate, stream)\n",
            "",
            _LOOP + "test_on_a_conflict_the_command_is_decided_anew_on_what_happened",
        ),
        (
            "policies react after the whole batch",
            "carrying",
            "self._cuts = self._triggers | self._delivered",
            "self._cuts = self._delivered",
            _LOOP + "test_the_chunk_never_changes_what_is_recorded_of_money",
        ),
        (
            "nobody is told before the log",
            "carrying",
            "teller.deliver(commands[0], planned, store)",
            "pass",
            _REACT + "test_a_to_do_that_cannot_be_delivered_is_parked_and_the_others_go_on",
        ),
        (
            "a failed delivery counts as told",
            "carrying",
            "if isinstance(answer, Result) and isinstance(answer, Failure):",
            "if False:",
            _REACT + "test_a_to_do_that_cannot_be_delivered_is_parked_and_the_others_go_on",
        ),
        (
            "what a delivery raises stops the loop",
            "carrying",
            "raise OwnTrouble(Undelivered(event, in_words(error))) from None",
            "raise",
            _REACT + "test_a_delivery_that_raises_is_parked_like_one_that_fails",
        ),
        (
            "to-dos left by an earlier run are not done",
            "dispatcher",
            "        self._reading.catch_up()\n        self._reacting.recall()\n",
            "        self._reading.ready.clear()\n        self._reacting.recall()\n",
            _LOOP + "test_the_policies_see_what_was_in_the_store_before",
        ),
        (
            "a hostile id of a request is taken",
            "dispatcher",
            "if not is_id(command_id):",
            "if False:",
            _LOOP + "test_a_hostile_id_of_a_request_is_a_failure_and_nothing_is_done",
        ),
        (
            "what was parked is told again by every call",
            "dispatcher",
            "self._reacting.newly_parked.clear()",
            "pass",
            _REACT + "test_what_is_parked_is_reported_once_and_not_by_every_later_call",
        ),
        (
            "a to-do is done under a random id",
            "reacting",
            "return Claim(self._id, 0, Tally(1))",
            "return Claim(f'x~{id(self):x}', 0, Tally(1))",
            _LOOP + "test_a_policy_s_command_is_recorded_under_the_id_of_its_to_do",
        ),
        (
            "a to-do is off the queue before it is done",
            "reacting",
            "            asked = ready[0]\n            todo = self._reading.todo(asked)\n"
            "            if todo is not None and todo.id not in self._notes:\n"
            "                self._do(todo, asked)\n"
            "            # Only now: an interrupt before this line leaves it where it is found again.\n"
            "            ready.popleft()\n",
            "            asked = ready.popleft()\n            todo = self._reading.todo(asked)\n"
            "            if todo is not None and todo.id not in self._notes:\n"
            "                self._do(todo, asked)\n",
            _REACT + "test_an_interrupt_in_the_midst_of_a_to_do_does_not_lose_it",
        ),
        (
            "a to-do is done though another ended it",
            "reacting",
            "        self._reading.catch_up()\n        return self.is_open()\n",
            "        return True\n",
            _REACT + "test_a_to_do_that_another_ended_meanwhile_is_not_done",
        ),
        (
            "a parked note blocks a later to-do of its key",
            "reacting",
            "if todo is not None and todo.id not in self._notes:",
            "if todo is not None and not self._notes:",
            _REACT + "test_a_parked_note_blocks_no_later_to_do_of_its_key",
        ),
        (
            "let-go to-dos are not looked at again",
            "reacting",
            "                self._ask_again(note.todo)",
            "                pass",
            _REACT + "test_what_was_let_go_is_looked_at_again_by_whoever_runs",
        ),
        (
            "the note of what was ended stays",
            "reacting",
            "value(self._store.settled(ended))",
            "pass",
            _REACT + "test_a_note_goes_once_the_log_has_ended_its_to_do",
        ),
        (
            "notes of another's policies are settled",
            "reacting",
            "if self._is_ours(each)",
            "if True",
            _REACT + "test_a_process_without_a_policy_leaves_what_it_parked_alone",
        ),
        (
            "what `then` raises stops the loop",
            "reacting",
            "            self._park(todo, in_words(error))\n            return\n",
            "            raise\n",
            _REACT + "test_a_parked_note_blocks_no_later_to_do_of_its_key",
        ),
        (
            "a cascade has no bound",
            "reacting",
            "if asked.depth >= ROUNDS:",
            "if asked.depth >= 10 * ROUNDS:",
            _LOOP + "test_a_cascade_without_an_end_is_parked_and_not_a_hang",
        ),
        (
            "a to-do that is due is done at once",
            "reacting",
            "if due is not None and due > self._now():",
            "if False:",
            _REACT + "test_a_to_do_waits_until_it_is_due_and_is_done_once_then",
        ),
        (
            "a batch goes on behind a halt",
            "carrying",
            "cuts = self._cuts | halts if halts else self._cuts",
            "cuts = self._cuts",
            _LOOP + "test_a_halt_in_the_midst_of_a_batch_leaves_what_stands_behind_it",
        ),
        (
            "what is parked hides what was refused",
            "dispatcher",
            "Report(done.carried_out, done.refused, done.refusal, parked)",
            "Report(done.carried_out, parked=parked)",
            _LOOP + "test_what_is_parked_on_the_way_leaves_the_rest_of_the_report_as_it_is",
        ),
        (
            "the first note of parking is missed",
            "reacting",
            "        self._mark = 0\n        self._notes.clear()",
            "        self._mark = 1\n        self._notes.clear()",
            "deciderkit/shell/test_promises_todos.py::"
            "test_all_that_is_parked_is_known_to_a_process_that_begins",
        ),
        (
            "one note of parking is read at a time",
            "reacting",
            "                self._released.discard(note.todo)\n                continue\n",
            "                self._released.discard(note.todo)\n                break\n",
            "deciderkit/shell/test_promises_todos.py::"
            "test_all_that_is_parked_is_known_to_a_process_that_begins",
        ),
        (
            "what was told is told again after a conflict",
            "carrying",
            "        self._told[key] = event\n",
            "",
            "deciderkit/shell/test_promises_delivered.py::"
            "test_what_is_decided_the_same_once_more_is_not_told_once_more",
        ),
        (
            "a note that went is settled by every call",
            "reacting",
            "                self._notes.pop(todo_id, None)\n",
            "                pass\n",
            _REACT + "test_a_note_goes_once_the_log_has_ended_its_to_do",
        ),
        (
            "views that stand still come in any order",
            "views",
            "tuple(sorted(found, key=lambda each: each.position))",
            "tuple(found)",
            "deciderkit/shell/test_promises_told.py::"
            "test_views_that_stand_still_are_named_in_the_order_of_the_log",
        ),
        (
            "a to-do that waits is forgotten",
            "reacting",
            "self._reading.ready.append(self._later[0][1])",
            "pass",
            _REACT + "test_a_to_do_waits_until_it_is_due_and_is_done_once_then",
        ),
        (
            "a hostile reason is kept raw",
            "reacting",
            '.replace("\\0", "\\\\0")[:1_000]\n',
            "\n",
            _REACT + "test_a_hostile_reason_is_kept_on_one_line_and_cut",
        ),
        (
            "parked to-dos come in any order",
            "reacting",
            "return sorted(todos, key=lambda todo: todo.position)",
            "return sorted(todos, key=lambda todo: -todo.position)",
            _REACT + "test_parked_to_dos_come_in_the_order_of_the_log",
        ),
        (
            "a stream that cannot be followed stops all",
            "reading",
            "raise OwnTrouble(error) from None",
            "raise",
            _REACT
            + "test_a_to_do_of_a_stream_that_evolve_cannot_follow_is_parked_and_stops_nobody",
        ),
        (
            "a reader skips event 1,001",
            "reading",
            "            version = last.version\n",
            "            version = last.version + (len(page) == 1_000)\n",
            _SAVED + "test_a_reader_that_goes_on_skips_no_event_whatever_was_read_at_once",
        ),
        (
            "the end of the log is not read",
            "reading",
            "        while page := value(self._store.read_all(self.position)):",
            "        if page := value(self._store.read_all(self.position)):",
            _LOOP + "test_catching_up_reads_more_than_a_page",
        ),
        (
            "an interrupt in the midst of reading goes unnoticed",
            "reading",
            "                self._changing = True\n",
            "",
            _REACT + "test_an_interrupt_in_the_midst_of_reading_lets_no_event_end_two_to_dos",
        ),
        (
            "only the first policy hears",
            "reading",
            "for index, policy in enumerate(self._board.policies):",
            "for index, policy in enumerate(self._board.policies[:1]):",
            _LOOP + "test_each_asking_is_answered_once_and_no_money_is_lost",
        ),
    )
)

FOLDS = tuple(
    Bug(wrong, module, there, instead, test)
    for wrong, module, there, instead, test in (
        (
            "only the first to-do is saved",
            "shell.saved",
            "for _, todo in sorted(each.by_position.items())",
            "for _, todo in sorted(each.by_position.items())[:1]",
            _SAVED + "test_all_to_dos_of_all_policies_are_saved_with_their_events",
        ),
        (
            "to-dos of the second policy are lost",
            "shell.saved",
            "                for each in waiting\n",
            "                for each in waiting[:1]\n",
            _SAVED + "test_all_to_dos_of_all_policies_are_saved_with_their_events",
        ),
        (
            "a state is saved under a cut name",
            "shell.saved",
            'f"stream:{stream}"',
            'f"stream:{stream}"[:20]',
            _SAVED + "test_states_are_told_apart_by_the_whole_name_of_their_stream",
        ),
        (
            "distrust of one state forgets the others",
            "shell.saved",
            "        self._begun.discard(stream)\n",
            "        self._begun.clear()\n",
            _SAVED + "test_distrust_of_one_saved_state_leaves_the_others_as_they_are",
        ),
        (
            "a saved state is never distrusted",
            "shell.saved",
            "begun = stream in self._begun",
            "begun = False",
            _SAVED + "test_a_history_is_corrupt_only_if_it_cannot_follow_from_its_beginning",
        ),
        (
            "saved without a version",
            "shell.saved",
            "self.due = STEP if version else NEVER",
            "self.due = STEP",
            _SAVED + "test_without_a_version_nothing_is_saved_and_nothing_believed",
        ),
        (
            "saving costs more the larger it is",
            "shell.saved",
            "count + STEP + len(content) // 16",
            "count + STEP",
            _SAVED + "test_saving_costs_a_constant_part_of_folding",
        ),
        (
            "saved without a version is believed",
            "shell.saved",
            "self._store.load(self._name, self._version) if self._version else None",
            "self._store.load(self._name, self._version)",
            _SAVED + "test_without_a_version_nothing_is_saved_and_nothing_believed",
        ),
        (
            "a state is sealed with its version",
            "shell.saved",
            "place.keep(last.position,",
            "place.keep(last.version,",
            _SAVED + "test_a_state_is_sealed_with_the_place_in_the_log_that_it_stands_at",
        ),
        (
            "views are saved in the order of their hashes",
            "shell.saved",
            ', order="sorted"',
            "",
            _SAVED + "test_views_are_saved_in_one_order_whatever_the_hashes_of_their_keys",
        ),
        (
            "a version of one package alone",
            "shell.saved",
            "for package in packages:",
            "for package in packages[:1]:",
            _SAVED + "test_a_version_is_that_of_all_sources_of_all_packages",
        ),
        (
            "an until under another to-do's id ends this one",
            "policy",
            "if told and told[0] in self.slugs:",
            "if told and told[0] in self.slugs and told[1] in waiting.by_position:",
            _POLICY + "test_the_id_of_a_commit_tells_which_to_do_it_ends",
        ),
        (
            "an until ends all of its key",
            "policy",
            "waiting if key is None else waiting.without_oldest(key)",
            "waiting if key is None else waiting.without_all(key)",
            _POLICY + "test_an_until_of_somebody_else_ends_the_oldest_of_its_key",
        ),
        (
            "an unless ends the oldest alone",
            "policy",
            "waiting = waiting.without_all(key)",
            "waiting = waiting.without_oldest(key)",
            _POLICY + "test_unless_takes_all_of_its_key_off_whatever_the_id_says",
        ),
        (
            "a former name is forgotten",
            "policy",
            "map(slug, (self.name, *self.formerly))",
            "map(slug, (self.name,))",
            _POLICY + "test_a_policy_that_was_renamed_knows_its_former_to_dos",
        ),
        (
            "what is recorded counts refusals",
            "planning",
            " or type(decisions[recorded - 1][0]) is Refused",
            "",
            _PLAN + "test_what_is_recorded_ends_with_the_last_command_that_led_to_an_event",
        ),
        (
            "an event of another stream is taken",
            "planning",
            "if found is not key and key_text(found, aggregate) != key_text(key):",
            "if False:",
            _PLAN + "test_a_command_with_a_trouble_of_its_own_ends_the_plan_before_it",
        ),
    )
)
