"""The replay page as a notebook shows it: in a frame, which nothing leaves and in which all works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deciderkit.picture.notebook import framed
from deciderkit.picture.page import page
from deciderkit.shell.pages import read_template
from tests.browser.conftest import Browser
from tests.browser.stories import rover_tale

ROVER = rover_tale()


@pytest.fixture
def inside(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """The browser, looking into the frame of a page around it."""
    around = tmp_path / "around.html"
    frame = framed(page(ROVER.story, read_template()), ROVER.story.title)
    around.write_text(f"<!doctype html><title>around</title>{frame}", "utf-8")
    browser.size(1280, 1000)
    browser.driver.get(around.as_uri())
    browser.driver.switch_to.frame(0)
    yield browser
    browser.driver.switch_to.default_content()


def test_a_link_in_the_log_leads_to_its_moment_and_not_to_the_page_around(inside: Browser) -> None:
    last = inside.at
    inside.click("#log a")
    assert "about:srcdoc" == inside.run("return location.href")
    assert inside.at not in ("0", last)
    assert f"#{inside.at}" == inside.run("return document.querySelector('#log .here a').hash")


def test_the_page_cannot_reach_the_notebook(inside: Browser) -> None:
    reached = inside.run("try { return parent.document.title } catch (error) { return error.name }")
    assert "SecurityError" == reached
