"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from deciderkit.shell.whole import write_whole


def test_a_new_file_and_one_that_stood_there(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    write_whole(file, "one\n")
    file.chmod(0o640)
    write_whole(file, "two é\n")
    assert ("two é\n".encode(), 0o640) == (file.read_bytes(), file.stat().st_mode & 0o777)
    assert [file] == list(tmp_path.iterdir())


def test_what_fails_in_the_middle_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("as it was")
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "x" * 100_000 + "\ud800")
    assert "as it was" == file.read_text()
    assert [file] == list(tmp_path.iterdir())


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "page.html")
    write_whole(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert "text" == (tmp_path / "page.html").read_text()


def test_a_pipe_takes_what_it_is_given(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=write_whole, args=(pipe, "text"))
    writer.start()
    assert "text" == pipe.read_text()
    writer.join()
    assert pipe.is_fifo()
