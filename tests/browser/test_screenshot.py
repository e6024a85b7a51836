"""The README's picture of the replay page is what the README's own run makes, at the obstacle.

``REMAKE_PICTURES=1 pytest tests/browser/test_screenshot.py`` takes it anew.
"""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path

import pytest

from tests.browser.conftest import Browser
from tests.pages import run as typed

PICTURE = Path(__file__).parents[2] / ".github" / "page.png"
RUN = "mars-rover drive RMMLMMMMMM --grid 4x4 --obstacle 2,2 --quiet --html"

DISTANCE = """
const [left, right, done] = arguments;
const WIDTH = 118, HEIGHT = 90;  // so small that another font hardly counts
const shades = async (data) => {
  const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d");
  context.drawImage(picture, 0, 0, WIDTH, HEIGHT);
  return context.getImageData(0, 0, WIDTH, HEIGHT).data;
};
Promise.all([shades(left), shades(right)]).then(([one, other]) => {
  done(one.reduce((sum, each, place) => sum + Math.abs(each - other[place]), 0) / one.length);
});
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "page.html"
    assert "O:2:1:N\n" == typed(f"{RUN} '{file}'", file.parent)
    return file


def taken(browser: Browser, page: Path, at: int) -> bytes:
    browser.size(1180, 900)
    browser.driver.get("about:blank")
    browser.driver.get(f"{page.as_uri()}#{at}")
    assert str(at) == browser.at
    return bytes(browser.driver.get_screenshot_as_png())


def distance(browser: Browser, left: bytes, right: bytes) -> float:
    """How far two pictures are apart, of 255, in the mean of all shades."""
    browser.driver.get("about:blank")
    pictures = [b64encode(each).decode() for each in (left, right)]
    return float(browser.driver.execute_async_script(DISTANCE, *pictures))


def test_the_picture_in_the_readme_is_the_page_of_its_run(browser: Browser, page: Path) -> None:
    made = taken(browser, page, 7)
    if os.environ.get("REMAKE_PICTURES") == "1":
        PICTURE.write_bytes(made)
    assert distance(browser, PICTURE.read_bytes(), made) < 4


def test_control_another_moment_is_another_picture(browser: Browser, page: Path) -> None:
    assert distance(browser, PICTURE.read_bytes(), taken(browser, page, 5)) > 4
