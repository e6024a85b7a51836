"""The listener: an external system hears of each event, and its book has each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from deciderkit.log.codec import Codec
from deciderkit.log.recorded import Recorded
from deciderkit.shell.queues.listener import Book, Listener, Remembered, Written
from deciderkit.shell.queues.memory import MemoryBroker
from deciderkit.shell.queues.port import Broker, Message, Queue
from deciderkit.shell.queues.relay import message_of
from tests.deciderkit.shell.ledger import Deposited, Withdrawn, quiet_board

CODEC = Codec.of(quiet_board)


def put(broker: Broker, *events: object) -> None:
    place = broker.end(Queue.EVENTS).unwrap().place
    for position, event in enumerate(events, place + 1):
        recorded = Recorded(position, "account-7", position, event, "c1", "2026-01-01T00:00:00Z")
        broker.publish(Queue.EVENTS, [message_of(CODEC, recorded)]).unwrap()


def words(event: Deposited) -> str:
    return f"{event.amount} came"


def listener(broker: Broker, book: Book, **how: object) -> Listener:
    return Listener(broker, CODEC, Deposited, words, book, "cashier", **how)  # type: ignore[arg-type]


def test_events_of_its_type_are_told_in_words(broker: Broker) -> None:
    put(broker, Deposited(7, 5), Withdrawn(7, 2), Deposited(7, 6))
    said: list[str] = []
    assert 2 == listener(broker, Remembered(said.append)).step(1).unwrap()
    assert ["5 came", "6 came"] == said


def test_what_was_acknowledged_is_not_heard_again(broker: Broker) -> None:
    put(broker, Deposited(7, 5))
    said: list[str] = []
    for _ in range(2):
        listener(broker, Remembered(said.append)).step(0).unwrap()
    assert ["5 came"] == said


def test_an_event_that_comes_again_is_told_once(tmp_path: Path) -> None:
    """After a lost disk the whole queue comes again, as if nobody had heard."""
    broker, path, said = MemoryBroker(), tmp_path / "book", list[str]()
    for _ in range(3):
        put(broker, Deposited(7, 5), Deposited(7, 6))
        book = Written(path, said.append)
        listener(broker, book).step(0).unwrap()
        book.close()
        broker.lose(Queue.EVENTS)
    assert "1 5 came\n2 6 came\n" == path.read_text()
    assert ["5 came", "6 came"] == said


def test_control_a_listener_that_remembers_nothing_tells_it_again() -> None:
    broker, said = MemoryBroker(), list[str]()
    for _ in range(2):
        put(broker, Deposited(7, 5))
        listener(broker, Remembered(said.append)).step(0).unwrap()
        broker.lose(Queue.EVENTS)
    assert ["5 came"] * 2 == said


@pytest.mark.parametrize("torn", ["2", "2 ", "2 6 ca"])
def test_a_line_that_a_kill_left_half_is_told_again(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "book"
    path.write_text(f"1 5 came\n{torn}")
    book = Written(path)
    assert (False, True) == (book.tell("1", "5 came"), book.tell("2", "6 came"))
    book.close()
    assert "1 5 came\n2 6 came\n" == path.read_text()


@pytest.mark.parametrize("text", ["my notes", "my notes\n", "1 5 came\n\n", "1 5 came\nx"])
def test_a_file_that_is_no_book_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "book"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"line \d is none of a book"):
        Written(path)
    assert text == path.read_text()


def test_a_book_is_written_by_one_process(tmp_path: Path) -> None:
    book = Written(tmp_path / "book")
    with pytest.raises(ValueError, match="another process writes it"):
        Written(tmp_path / "book")
    book.close()
    Written(tmp_path / "book").close()


def test_what_cannot_be_read_is_reported_and_does_not_stop_the_others() -> None:
    broker, said, unreadable = MemoryBroker(), list[str](), list[str]()
    broker.publish(Queue.EVENTS, [Message("1", "Deposited.account-7", b"{")]).unwrap()
    put(broker, Deposited(7, 5))
    listener(broker, Remembered(said.append), unreadable=unreadable.append).step(0).unwrap()
    assert ["5 came"] == said
    assert ["message 1: line 1: Input data was truncated"] == unreadable


def test_an_event_for_which_there_are_no_words_does_not_stop_the_others() -> None:
    broker, said, unreadable = MemoryBroker(), list[str](), list[str]()
    put(broker, Deposited(7, 0), Deposited(7, 5))
    hearing = Listener(
        broker,
        CODEC,
        Deposited,
        lambda event: f"{10 // event.amount} times as many to ten",
        Remembered(said.append),
        "cashier",
        unreadable=unreadable.append,
    )
    assert 2 == hearing.step(0).unwrap()
    assert (["2 times as many to ten"], 1) == (said, len(unreadable))
    assert unreadable[0].startswith("message 1: ZeroDivisionError")
