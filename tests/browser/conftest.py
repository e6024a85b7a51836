"""One headless Chromium for all of these tests, and what they say where there is none.

They need Debian's packages ``chromium`` and ``chromium-driver``. Where these are not, the tests stand
back and say so; with ``BROWSER_REQUIRED=1`` they fail instead, so that nobody takes them for passed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any, NoReturn

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from deciderkit.picture.story import Story
from deciderkit.shell.pages import write_page

NEEDED = "no browser: expected chromium and chromedriver (apt-get install chromium chromium-driver)"
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)


class Browser:
    """A page in Chromium, and everything that it asked for or complained of."""

    def __init__(self, driver: webdriver.Chrome, folder: Path) -> None:
        self.driver = driver
        self._folder = folder

    def open(self, story: Story, at: str = "#0", *, width: int = 1280, height: int = 900) -> None:
        """Load the page of ``story`` from a file, at a moment."""
        self.size(width, height)
        file = self._folder / "page.html"
        write_page(file, story)
        self.driver.get("about:blank")
        self.complaints()
        self.requests()
        self.driver.get(f"{file.as_uri()}{at}")

    def size(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def scheme(self, name: str) -> None:
        """Prefer ``light`` or ``dark``."""
        features = [
            {"name": "prefers-color-scheme", "value": name},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def run(self, script: str, *arguments: Any) -> Any:
        """What ``script`` returns in the page."""
        return self.driver.execute_script(script, *arguments)

    def text(self, selector: str) -> str:
        """What is written in an element, whether or not it is in sight."""
        return str(self.run("return document.querySelector(arguments[0]).textContent", selector))

    def press(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def click(self, selector: str) -> None:
        """Click on an element."""
        self.driver.find_element("css selector", selector).click()

    @property
    def at(self) -> str:
        """The moment that the page shows."""
        return str(self.run("return document.body.dataset.at"))

    def complaints(self) -> list[str]:
        """What stands on the console."""
        return [entry["message"] for entry in self._log("browser")]

    def _log(self, kind: str) -> list[Any]:
        return list(self.driver.get_log(kind))  # type: ignore[no-untyped-call]

    def requests(self) -> list[str]:
        """The addresses that were asked for since the page was opened, its own among them."""
        entries = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [
            entry["params"]["request"]["url"]
            for entry in entries
            if entry["method"] == "Network.requestWillBeSent"
        ]


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    """One Chromium for the whole run, or why there is none."""
    browser, chromedriver = which("chromium"), which("chromedriver")
    if not browser or not chromedriver:
        stand_back(NEEDED)
    options = Options()
    options.binary_location = str(browser)
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    try:
        driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    except WebDriverException as error:
        stand_back(f"the browser does not start: {error.msg}")
    yield driver
    driver.quit()


def stand_back(reason: str) -> NoReturn:
    """Skip, saying why; or fail where a browser is required."""
    if os.environ.get("BROWSER_REQUIRED") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture
def browser(chromium: webdriver.Chrome, tmp_path: Path) -> Iterator[Browser]:
    """A fresh page; whatever a test did, nothing may have been asked of the network or gone wrong."""
    browser = Browser(chromium, tmp_path)
    browser.scheme("light")
    browser.complaints(), browser.requests()  # those of a test before this one
    yield browser
    assert [] == browser.complaints()
    assert [] == [url for url in browser.requests() if not url.startswith(("file:", "about:"))]
