"""Bugs of the stores and of the log: checksums, verify, locks, durability, files, claims, parking."""

from __future__ import annotations

from tests.mutants.shell.bug import Bug

_STORES = "deciderkit/shell/stores/"
_SQLITE = f"{_STORES}sqlite/"
_CONTRACT = f"{_STORES}test_store_contract.py::TestSqliteEventStore::"
_MEMORY = f"{_STORES}test_store_contract.py::TestMemoryEventStore::"
_OPENING = f"{_SQLITE}test_opening.py::"
_DAMAGE = f"{_SQLITE}test_damage.py::"
_STORED = "deciderkit/shell/test_promises_stored.py::"
_FILES = "faults/test_processes.py::"

FILE = tuple(
    Bug(wrong, f"shell.stores.sqlite.{module}", there, instead, test)
    for wrong, module, there, instead, test in (
        (
            "synchronous is lowered",
            "file",
            "PRAGMA synchronous = FULL",
            "PRAGMA synchronous = NORMAL",
            _OPENING + "test_every_append_is_on_the_disk_when_it_returns",
        ),
        (
            "synchronous is lowered on reopening",
            "file",
            'connection.execute("PRAGMA synchronous = FULL")',
            'connection.execute(f"PRAGMA synchronous = {1 if schema else 2}")',
            _OPENING + "test_every_append_is_on_the_disk_when_it_returns",
        ),
        (
            "a busy timeout a hundredth as long",
            "file",
            "timeout=self.busy_seconds",
            "timeout=self.busy_seconds / 100",
            _OPENING + "test_a_locked_store_is_waited_for_as_long_as_was_asked",
        ),
        (
            "used after a fork",
            "file",
            "if self._process != os.getpid():\n            return (",
            "if False:\n            return (",
            _FILES + "test_f25_a_store_that_was_carried_over_a_fork_loses_nothing",
        ),
        (
            "closed is not said",
            "file",
            "if self.connection is None:\n            return f",
            "if False:\n            return f",
            f"{_SQLITE}test_store.py::"
            "test_a_store_that_was_closed_is_a_failure_of_its_own_and_no_damage",
        ),
        (
            "a deleted write-ahead log goes unnoticed",
            "file",
            "(self._frozen or self._ahead.is_the_same())",
            "True",
            _FILES + "test_f26_no_append_is_acknowledged_into_nothing",
        ),
        (
            "a log that somebody writes is read as one at rest",
            "file",
            'if Path(f"{os.path.realpath(self._place)}-wal").exists():',
            "if False:",
            "faults/test_readers.py::test_f29_who_cannot_tell_what_there_is_is_told_what_is_needed",
        ),
        (
            "a damaged schema is any trouble",
            "file",
            'return "malformed" in said or "no such column" in said or "no such table" in said',
            "return False",
            _DAMAGE + "test_a_flipped_byte_in_the_text_of_the_schema_is_a_corrupt_log",
        ),
        (
            "a hard link is opened",
            "file",
            "if status.st_nlink > 1:",
            "if False:",
            _OPENING + "test_a_file_under_two_names_is_refused_for_its_write_ahead_log_has_one",
        ),
        (
            "a newer schema is opened",
            "file",
            "if schema > tables.SCHEMA:",
            "if False:",
            _OPENING + "test_a_file_of_a_newer_program_is_left_alone",
        ),
        (
            "another program's file is taken",
            "file",
            "if tables_in_it:",
            "if False:",
            _OPENING + "test_a_file_of_another_program_is_left_alone",
        ),
        (
            "an empty file is made a log",
            "file",
            "if not create and status.st_size == 0:",
            "if False:",
            _OPENING + "test_a_file_cut_down_to_nothing_is_no_store_and_left_alone",
        ),
        (
            "tables that are damaged are opened",
            "file",
            "if problem := tables.damage(connection):",
            "if problem := '':",
            _DAMAGE + "test_tables_that_are_not_as_written_are_found_when_the_log_is_opened",
        ),
        (
            "old texts of tables count as damage",
            "tables",
            'return "".join(statement.split())',
            "return statement",
            f"{_SQLITE}test_schema_1.py::test_it_is_read_as_it_was_written_and_brought_up_to_date",
        ),
        (
            "requests of an old log are forgotten",
            "tables",
            "WHERE command_id NOT LIKE '%~%'",
            "WHERE 0",
            f"{_SQLITE}test_schema_1.py::test_a_retry_of_one_of_its_requests_is_refused_in_words",
        ),
        (
            "verify without the integrity check",
            "upkeep",
            'if said != b"ok":',
            "if False:",
            _DAMAGE + "test_the_integrity_of_the_file_itself_is_looked_at",
        ),
        (
            "verify without the sum of commits",
            "upkeep",
            "head == committed == last:",
            "head == last:",
            _DAMAGE + "test_what_reading_does_not_see_is_found_when_the_log_is_verified",
        ),
        (
            "verify without the last commits",
            "upkeep",
            "head == committed == last:",
            "head == committed:",
            _DAMAGE + "test_a_commit_behind_the_end_is_found_though_the_sum_is_right",
        ),
        (
            "verify calls a log that grows corrupt",
            "upkeep",
            "if not read <= head ==",
            "if not read == head ==",
            _STORED + "test_a_log_to_which_somebody_adds_while_it_is_verified_is_whole",
        ),
        (
            "verify gives the words of SQLite raw",
            "upkeep",
            "raise CorruptEvent(read + 1, shown(str(error)))",
            "raise CorruptEvent(read + 1, str(error))",
            _DAMAGE + "test_damage_that_sqlite_itself_comes_upon_stands_after_what_was_read",
        ),
        (
            "verify without the types of the data",
            "upkeep",
            "if not is_text:",
            "if False:",
            _DAMAGE + "test_a_text_that_was_made_a_blob_is_found_when_the_log_is_verified",
        ),
        (
            "verify without the types of ids and times",
            "upkeep",
            "if retyped is not None:",
            "if False:",
            _DAMAGE + "test_an_id_that_was_made_a_blob_is_found_when_the_log_is_verified",
        ),
        (
            "verify without the tallies",
            "upkeep",
            "if tally is None or tally.done != done:",
            "if False:",
            _DAMAGE + "test_what_reading_does_not_see_is_found_when_the_log_is_verified",
        ),
        (
            "numbers of parking are used again",
            "tables",
            "mark INTEGER PRIMARY KEY AUTOINCREMENT",
            "mark INTEGER PRIMARY KEY",
            _CONTRACT + "test_no_mark_comes_twice_even_if_the_last_note_goes",
        ),
        (
            "what was let go is let go again",
            "side",
            "WHERE todo = ? AND reason <> ''",
            "WHERE todo = ?",
            _CONTRACT + "test_letting_go_changes_only_what_is_parked",
        ),
        (
            "an append does not look at the tally",
            "store",
            'if trouble := against(claim, tally_of(text(said or b""))):',
            "if trouble := None:",
            _CONTRACT + "test_two_tries_cannot_fork_whatever_they_decide_together",
        ),
        (
            "an append does not look at the version",
            "store",
            "if version != expected_version:",
            "if version > expected_version:",
            _CONTRACT + "test_a_future_version_is_a_conflict_always",
        ),
        (
            "the transaction begins outside the guard",
            "store",
            "            if self.connection.in_transaction:  # an interrupt came while one was being "
            'undone\n                execute("ROLLBACK")\n            execute("BEGIN IMMEDIATE")\n',
            "",
            _CONTRACT + "test_what_breaks_off_leaves_the_log_as_it_was",
        ),
        (
            "what was rolled back is remembered",
            "store",
            "self._kinds, self._ids, self.rows.kinds = {}, {}, {}",
            "pass",
            f"{_SQLITE}test_store.py::test_what_was_rolled_back_is_forgotten",
        ),
        (
            "a restored log forgets how far it got",
            "store",
            "self._insert(commit._replace(chained_to=chained_to), stored, done)",
            "self._insert(commit._replace(chained_to=chained_to), stored, None)",
            _CONTRACT + "test_a_log_goes_on_after_what_was_restored",
        ),
        (
            "a restored log is not chained",
            "store",
            "commit._replace(chained_to=chained_to)",
            "commit",
            _CONTRACT + "test_what_is_restored_has_the_places_ids_and_times_that_it_had",
        ),
        (
            "the first tally is told, not the last",
            "rows",
            "ORDER BY done DESC LIMIT 1",
            "ORDER BY done LIMIT 1",
            _CONTRACT + "test_a_claim_is_recorded_under_its_id_with_the_tally",
        ),
        (
            "a reader skips the first event of a page",
            "rows",
            "WHERE position > :after LIMIT",
            "WHERE position > :after + (:after > 0) LIMIT",
            _CONTRACT + "test_a_log_longer_than_a_page_is_read_without_a_gap",
        ),
    )
)

LOG = tuple(
    Bug(wrong, module, there, instead, test)
    for wrong, module, there, instead, test in (
        (
            "a checksum without the schema",
            "log.chain",
            'crc32(f"{type}/{schema}".encode(errors="surrogateescape"))',
            'crc32(type.encode(errors="surrogateescape"))',
            "deciderkit/log/test_chain.py::test_kinds_are_told_apart_by_name_and_schema",
        ),
        (
            "a checksum without the tally",
            "log.chain",
            '        said += "\\0" + tally\n',
            "        pass\n",
            "deciderkit/log/test_chain.py::test_every_part_of_a_commit_counts",
        ),
        (
            "the link between commits is not looked at",
            "log.pages",
            "if (linked or not done) and commit.chained_to != before:",
            "if False:",
            "deciderkit/log/test_pages.py::test_the_first_row_that_is_not_as_written_is_named",
        ),
        (
            "checksums are not compared",
            "log.pages",
            "if before != checksum:",
            "if False:",
            "deciderkit/log/test_pages.py::test_the_first_row_that_is_not_as_written_is_named",
        ),
        (
            "the first of a kind is read leniently",
            "log.pages",
            "event = kind.strict(data, position)",
            "event = kind.quick(data)",
            "deciderkit/log/test_pages.py::"
            "test_reading_notices_a_field_that_was_taken_away_as_an_audit_does",
        ),
        (
            "the quick way takes what does not read back",
            "log.codec",
            "if len(data) <= MAX_BYTES and decode(data) == event:",
            "if len(data) <= MAX_BYTES:",
            _MEMORY + "test_what_would_not_is_refused_and_nobody_else_notices",
        ),
        (
            "an event is written if it can be written",
            "log.codec",
            "problem = difference(event, decode(data))",
            'problem = ""',
            _MEMORY + "test_what_would_not_is_refused_and_nobody_else_notices",
        ),
        (
            "the place of the bad event is not told",
            "log.codec",
            "error.type, error.reason, len(stored)",
            "error.type, error.reason, 0",
            _MEMORY + "test_what_would_not_is_refused_and_nobody_else_notices",
        ),
        (
            "in memory the tally is not looked at",
            "shell.stores.memory",
            "if trouble := against(claim, self._tallies.get(claim.command_id)):",
            "if trouble := None:",
            _MEMORY + "test_whoever_was_overtaken_is_told_how_far_the_other_got",
        ),
        (
            "in memory an interrupt leaves half an index",
            "shell.stores.memory",
            "if self._indexed != position:",
            "if False:",
            f"{_STORES}test_memory.py::test_an_interrupt_between_log_and_index_is_made_good",
        ),
        (
            "in memory a version is as old as the index",
            "shell.stores.memory",
            "self._index()\n            return Success(len(self._streams",
            "return Success(len(self._streams",
            f"{_STORES}test_memory.py::test_an_interrupt_between_log_and_index_is_made_good",
        ),
        (
            "a clock without a zone is recorded",
            "shell.stores.clock",
            "if now.tzinfo is None:",
            "if False:",
            f"{_STORES}test_clock.py::"
            "test_a_clock_without_a_zone_is_refused_since_nobody_could_place_its_time",
        ),
        (
            "a seal that does not cover the content",
            "log.sealing",
            "said.encode() + saved.content,",
            "said.encode(),",
            _DAMAGE + "test_a_saved_fold_that_was_changed_is_not_believed",
        ),
        (
            "a seal that does not cover the log",
            "log.sealing",
            "saved.version, str(log),",
            "saved.version,",
            _DAMAGE + "test_a_saved_fold_of_another_log_is_not_believed",
        ),
        (
            "a seal that does not cover the name",
            "log.sealing",
            "join((name, str(saved.position)",
            "join((str(saved.position)",
            _DAMAGE + "test_a_saved_fold_that_was_changed_is_not_believed",
        ),
        (
            "two commits of one request are one",
            "log.audit",
            "each.command_id, each.recorded_at, each.tally)",
            "each.command_id, each.recorded_at)",
            f"{_STORES}test_importing.py::test_two_commits_of_one_request_are_kept_apart",
        ),
    )
)
