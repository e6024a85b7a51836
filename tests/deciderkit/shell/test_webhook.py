"""Deliveries by HTTP: what is sent, what is tried again and how soon, and what is given up."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from deciderkit.shell.webhook import NotTaken, Webhook
from deciderkit.testing.store_contract import Noted, codec
from tests.servers.receiver import Receiver, receiver

EVENT = Noted("jammed")


@pytest.fixture
def hearing() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def pauses() -> list[float]:
    return []


def hook(hearing: Receiver, pauses: list[float], tries: int = 4) -> Webhook:
    return Webhook(hearing.url, codec, tries=tries, longest_pause=3, sleep=pauses.append)


def test_the_event_is_sent_as_json_under_its_key(hearing: Receiver, pauses: list[float]) -> None:
    Webhook(hearing.url, codec, headers={"Authorization": "Bearer s3cret"})(EVENT, "call@7/1")
    (heard,) = hearing.heard
    assert "call@7/1" == heard.key
    data = {"text": "jammed"}
    assert {"type": "Noted", "schema": 1, "key": "call@7/1", "data": data} == heard.body
    assert "application/json" == heard.headers["Content-Type"]
    assert "Bearer s3cret" == heard.headers["Authorization"]


@pytest.mark.parametrize("code", [408, 409, 425, 429, 500, 502, 503])
def test_an_answer_that_may_be_another_later_is_tried_again_under_the_same_key(
    hearing: Receiver, pauses: list[float], code: int
) -> None:
    hearing.answers = [(code, {}), (code, {})]
    hook(hearing, pauses)(EVENT, "call@7/1")
    assert ["call@7/1"] * 3 == [each.key for each in hearing.heard]
    assert [0.5, 1.0] == pauses


def test_pauses_grow_up_to_the_longest_and_then_it_is_given_up(
    hearing: Receiver, pauses: list[float]
) -> None:
    hearing.answers = [(503, {})] * 9
    with pytest.raises(NotTaken, match="/hook answers 503 Service Unavailable, 6 times"):
        hook(hearing, pauses, tries=6)(EVENT, "k")
    assert 6 == len(hearing.heard)
    assert [0.5, 1.0, 2.0, 3.0, 3.0] == pauses


def test_a_receiver_that_says_when_is_believed_up_to_the_longest_pause(
    hearing: Receiver, pauses: list[float]
) -> None:
    hearing.answers = [
        (429, {"Retry-After": "2"}),
        (429, {"Retry-After": "3600"}),
        (429, {"Retry-After": "soon"}),
    ]
    hook(hearing, pauses)(EVENT, "k")
    assert [2.0, 3.0, 2.0] == pauses


@pytest.mark.parametrize("code", [301, 302, 307, 400, 401, 404, 410, 422])
def test_a_refusal_is_a_refusal_at_once(hearing: Receiver, pauses: list[float], code: int) -> None:
    hearing.answers = [(code, {"Location": hearing.url})]
    with pytest.raises(NotTaken, match=f"answers {code}"):
        hook(hearing, pauses)(EVENT, "k")
    assert 1 == len(hearing.heard)
    assert [] == pauses


def test_nobody_there_is_tried_again_and_named_without_its_secrets(
    hearing: Receiver, pauses: list[float]
) -> None:
    hearing.close()
    port = urlsplit(hearing.url).port
    absent = Webhook(
        f"http://ann:s3cret@127.0.0.1:{port}/hook?token=t0p", codec, tries=2, sleep=pauses.append
    )
    with pytest.raises(NotTaken, match="does not answer") as raised:
        absent(EVENT, "k")
    assert "s3cret" not in str(raised.value)
    assert "t0p" not in str(raised.value)
    assert [0.5] == pauses


def test_a_proxy_is_the_one_that_the_environment_names_when_the_address_is_given(
    hearing: Receiver, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(hearing, pauses)(EVENT, "before")
    monkeypatch.setenv("http_proxy", hearing.url)
    monkeypatch.delenv("no_proxy", raising=False)
    Webhook("http://receiver.invalid/hook", codec, tries=1)(EVENT, "after")
    assert ["before", "after"] == [each.key for each in hearing.heard]


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/x", "file:///etc/passwd", "http://", "hook"]
)
def test_what_is_no_address_is_refused_when_it_is_made(url: str) -> None:
    with pytest.raises(ValueError, match="expected http"):
        Webhook(url, codec)
