"""Axe finds nothing on the replay page: names for all controls, contrast, landmarks, order.

It is the npm package ``axe-core``; ``AXE_CORE`` names its ``axe.min.js``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Browser, stand_back
from tests.browser.stories import Tale, bank_tale, rover_tale

RUN = """
const done = arguments[arguments.length - 1];
axe.run(document).then((found) => done(found.violations.map((each) =>
  `${each.id}: ${each.nodes.map((node) => node.html).slice(0, 3).join(" ")}`)));
"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe."""
    file = os.environ.get("AXE_CORE", "")
    if not file:
        stand_back("no axe: expected AXE_CORE to name axe.min.js (npm install axe-core)")
    return Path(file).read_text(encoding="utf-8")


def violations(browser: Browser, axe: str) -> Any:
    browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    browser.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
    try:
        return browser.driver.execute_async_script(RUN)
    finally:
        browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tale", [rover_tale(), bank_tale()], ids=["rover", "bank"])
def test_axe_finds_nothing(browser: Browser, axe: str, tale: Tale, scheme: str, width: int) -> None:
    browser.scheme(scheme)
    browser.open(tale.story, "#7", width=width)
    assert [] == violations(browser, axe)


def test_control_axe_finds_a_button_without_a_name_and_grey_on_grey(
    browser: Browser, axe: str
) -> None:
    browser.open(rover_tale().story, "#7")
    browser.run("document.getElementById('next').removeAttribute('aria-label')")
    browser.run("document.getElementById('next').removeAttribute('title')")
    browser.run("document.getElementById('about').style.color = '#ddd'")
    found = [each.split(":")[0] for each in violations(browser, axe)]
    assert ["button-name", "color-contrast"] == sorted(found)
