"""The replay page in a real browser: what it shows at a moment is the fold up to it.

The page is loaded from a file. After every test its fixture looks that nothing was asked of the network
and that nothing stands on the console.
"""

from __future__ import annotations

from time import monotonic, sleep

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from deciderkit.picture.columns import NONE
from deciderkit.picture.lines import Lines
from deciderkit.picture.story import Story
from mars_rover import board, mars_rover
from mars_rover.notation import format_position
from tests.browser.conftest import Browser
from tests.browser.stories import HOSTILE, Tale, bank_tale, long_tale, rover_tale
from tests.deciderkit.picture.reading import Said, expected

ROVER, BANK = rover_tale(), bank_tale()
both = pytest.mark.parametrize("tale", [ROVER, BANK], ids=["rover", "bank"])

STANDS = """
return [...document.querySelectorAll("#stands .thing")].map((thing) => [
  thing.dataset.thing,
  thing.dataset.shape || [...thing.querySelectorAll(".tag")].map((each) => each.textContent).join(),
  [...thing.querySelectorAll("dl > div")].map((row) => [...row.children].map((each) => each.textContent)),
  [...thing.querySelectorAll("li:not(.dim)")].map((each) => each.textContent),
]);
"""
LOG = "return [...document.querySelectorAll('#log li:not(.future) a')].map((each) => each.textContent)"


def as_shown(said: Said) -> dict[str, object]:
    """The facts of a fold in the way in which the page lays them out."""
    shown: dict[str, object] = {}
    for (kind, name, key), facts in said.items():
        rows = {
            label: text for label, text in facts.items() if label and not is_key(label, text, key)
        }
        if "#" in facts:
            length = int(facts["#"])
            items = [facts[str(index % 8)] for index in range(max(0, length - 8), length)]
            shown[f"{kind} {name} {key}".strip()] = (f"{length} item{'s' * (length != 1)}", items)
        elif kind == "todo":
            if rows or said:
                shown["todo to do"] = (f"{len(rows)} open" if rows else "all done", rows)
        else:
            shown[f"{kind} {name} {key}".strip()] = (facts[""], rows)
    return shown


def is_key(label: str, text: str, key: str) -> bool:
    """Whether a fact says the key once more, which the page leaves out."""
    return label.endswith("_id") and text == key


def as_seen(browser: Browser) -> dict[str, object]:
    """What the page says of how things stand."""
    seen: dict[str, object] = {}
    for thing, tag, rows, items in browser.run(STANDS):
        if items:
            seen[thing] = (tag, items)
        else:
            seen[thing] = (tag, {row[0]: row[1] for row in rows if len(row) > 1})
    return seen


def labels(tale: Tale) -> list[str]:
    """The labels of all moments."""
    position, part, found = 0, 0, ["0"]
    for name in tale.story.data["moments"][1]:
        position, part = (position + 1, 0) if name != NONE else (position, part + 1)
        found.append(f"{position}.{part}" if part else str(position))
    return found


@both
def test_at_every_moment_state_views_and_to_dos_are_the_fold(browser: Browser, tale: Tale) -> None:
    browser.open(tale.story)
    for label in labels(tale):
        assert label == browser.at
        state = tale.board.fold(tale.log[: int(label.split(".")[0])])
        want = as_shown(expected(tale.board, state, tale.spelling))
        seen = as_seen(browser)
        if "todo to do" not in seen:
            assert want.pop("todo to do") == ("all done", {})
        assert want == seen
        browser.press(Keys.ARROW_RIGHT)


def test_control_a_page_that_says_something_else_is_noticed(browser: Browser) -> None:
    data = dict(ROVER.story.data)
    data["changes"] = [*data["changes"][:-1], 0]
    browser.open(Story("Rover r1", data), "#9")
    want = as_shown(expected(ROVER.board, ROVER.board.fold(ROVER.log), ROVER.spelling))
    assert want != as_seen(browser)


@both
def test_the_log_up_to_a_moment_is_that_of_the_run(browser: Browser, tale: Tale) -> None:
    lines = Lines(tale.board, tale.spelling)
    browser.open(tale.story, "#7")
    shown = [line.split("EVENT", 1)[1] for line in browser.run(LOG) if line.startswith("EVENT")]
    names = [lines(event).name for event in tale.log[:7]]
    assert names == [line.split()[0] for line in shown]
    assert (
        shown[-1] == lines(tale.log[6]).said(lines(tale.log[6]))
        or lines(tale.log[6]).key in shown[-1]
    )


def test_the_rover_stands_on_the_map_where_it_stands(browser: Browser) -> None:
    browser.open(ROVER.story, "#5")
    state = board.fold(ROVER.log[:5]).state(mars_rover, "r1")
    assert "2:0:N" == format_position(state)
    place = "return document.querySelector('#drawing [id=rover]').getAttribute('transform')"
    assert "translate(2.5 3.5) rotate(0)" == browser.run(place)
    trail = "return document.querySelector('#drawing [id=trail]').getAttribute('d')"
    assert "M 0.5 3.5 L 0.5 3.5 L 1.5 3.5 L 2.5 3.5" == browser.run(trail)
    seen = "return document.querySelector('#drawing [id=hit]').getAttribute('visibility')"
    assert "hidden" == browser.run(seen)
    browser.press(Keys.END)
    assert "visible" == browser.run(seen)


def test_keys_step_and_go_from_mark_to_mark(browser: Browser) -> None:
    browser.open(ROVER.story)
    reached = []
    for key in (
        Keys.ARROW_RIGHT,
        Keys.ARROW_RIGHT,
        Keys.ARROW_LEFT,
        "]",
        "]",
        "[",
        Keys.END,
        Keys.HOME,
    ):
        browser.press(key)
        reached.append(browser.at)
    assert ["0.1", "1", "0.1", "7", "8", "7", "9.1", "0"] == reached
    assert "refused \u203a" == browser.text("#mark-next")
    assert browser.run("return document.getElementById('mark-back').disabled")


def test_buttons_and_the_slider_do_the_same(browser: Browser) -> None:
    browser.open(ROVER.story)
    for button, at in (
        ("next", "0.1"),
        ("next", "1"),
        ("back", "0.1"),
        ("mark-next", "7"),
        ("last", "9.1"),
        ("mark-back", "9"),
        ("first", "0"),
    ):
        browser.click(f"#{button}")
        assert at == browser.at
    browser.run(
        "const s = document.getElementById('slider'); s.value = 6; s.dispatchEvent(new Event('input'))"
    )
    assert "5" == browser.at
    assert "5 of 9: Mars Rover Moved 2:0:N" == browser.text("#now")
    browser.run("document.getElementById('slider').focus()")
    browser.press(Keys.ARROW_RIGHT)
    assert "6" == browser.at


def wait_for(browser: Browser, at: str) -> None:
    end = monotonic() + 20
    while browser.at != at:
        assert monotonic() < end, f"the page stays at {browser.at}: expected {at}"
        sleep(0.02)


def test_space_plays_and_pauses_and_playing_ends_at_the_end(browser: Browser) -> None:
    browser.open(ROVER.story)
    browser.run("document.getElementById('speed').value = '1'")
    browser.press(" ")
    wait_for(browser, "0.1")
    browser.press(" ")
    at = browser.at
    sleep(1.2)
    assert at == browser.at
    browser.run("document.getElementById('speed').value = '200'")
    browser.press(" ")
    wait_for(browser, "9.1")
    assert "Play" == browser.run(
        "return document.getElementById('play').getAttribute('aria-label')"
    )


def test_a_link_leads_to_its_moment_and_the_address_follows(browser: Browser) -> None:
    browser.open(ROVER.story, "#7")
    assert "7" == browser.at
    browser.press(Keys.ARROW_RIGHT)
    end = monotonic() + 20
    while not browser.driver.current_url.endswith("#8") and monotonic() < end:
        sleep(0.02)
    assert browser.driver.current_url.endswith("#8")
    browser.click("#log li:not(.future) a[href='#4']")
    wait_for(browser, "4")
    for other in ("", "#nowhere", "#%"):
        browser.open(ROVER.story, other)
        assert "9.1" == browser.at


def test_what_changed_is_told_with_what_it_was_before(browser: Browser) -> None:
    browser.open(ROVER.story, "#7")
    assert "Mars Rover r1 is Moving → Blocked + obstacle 2,2" in spaced(browser, "#changed")
    assert "to do + notify obstacle found #7 NotifyObstacle Rover r1 hit obstacle (r1)" in spaced(
        browser, "#changed"
    )
    browser.press(Keys.ARROW_RIGHT)
    assert "✓ notify obstacle found #7" in spaced(browser, "#changed")
    browser.open(ROVER.story, "#4")
    assert "path r1 + 2:0:E" in spaced(browser, "#changed")


def spaced(browser: Browser, selector: str) -> str:
    """The texts of an element, with blanks between them."""
    script = """
    const texts = [];
    const walk = document.createTreeWalker(document.querySelector(arguments[0]), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!walk.currentNode.parentElement.matches(".unseen")) texts.push(walk.currentNode.textContent.trim());
    return texts.filter(Boolean).join(" ");
    """
    return str(browser.run(script, selector))


def test_what_led_to_what_is_told_on_focus_and_on_hover(browser: Browser) -> None:
    browser.open(ROVER.story, "#9")
    chain = "Move → Obstacle Found 2,2 → turn off → Turn Off → Mars Rover Turned Off"
    assert chain == spaced(browser, "#thread")
    browser.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    later = "Move → Obstacle Found 2,2 → and later Obstacle Notified Rover r1 hit obstacle Mars Rover Turned Off"
    assert later == spaced(browser, "#thread")
    kin = "return [...document.querySelectorAll('.moment.kin')].map((each) => each.dataset.at)"
    assert ["8", "9", "10"] == browser.run(kin)
    note = browser.driver.find_element("css selector", ".moment[data-at='10'] .event")
    ActionChains(browser.driver).move_to_element(note).perform()
    assert chain == spaced(browser, "#thread")
    assert "7" == browser.at
    browser.run("document.querySelector(\".moment[data-at='10'] .event\").focus()")
    assert chain == spaced(browser, "#thread")
    note.click()
    assert "9" == browser.at


def test_the_future_is_greyed_and_the_past_is_not(browser: Browser) -> None:
    browser.open(ROVER.story, "#4")
    greyed = "return [...document.querySelectorAll('.moment.future')].map((each) => Number(each.dataset.at))"
    assert 6 == min(browser.run(greyed))
    colour = "return getComputedStyle(document.querySelector(\".moment[data-at='%d'] .event\")).backgroundColor"
    assert "rgb(255, 157, 72)" == browser.run(colour % 5)
    assert "rgb(255, 157, 72)" != browser.run(colour % 6)


def test_hostile_texts_are_texts(browser: Browser) -> None:
    browser.open(BANK.story, "#6")
    assert "A bank </script><script>document.title='owned'" in browser.driver.title
    assert "\u202e" not in browser.text("body").replace(browser.text("#story"), "")
    assert "\\u202e" in browser.text("h1")
    assert 'for </script><b>\\"being\\"\\u202e poor' in browser.text("#stands")
    assert 2 == browser.run("return document.scripts.length")
    assert HOSTILE not in browser.text("h1")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1280, 900), (2560, 1300)])
@both
def test_nothing_is_cut_off_at_any_width(
    browser: Browser, tale: Tale, width: int, height: int
) -> None:
    browser.open(tale.story, "#7", width=width, height=height)
    assert 0 >= browser.run("return document.documentElement.scrollWidth - innerWidth")
    centre = "const box = document.querySelector('.now').getBoundingClientRect(); return box.left + box.width / 2"
    assert width / 2 == pytest.approx(browser.run(centre), abs=2)
    tall = "return [...document.querySelectorAll('#buttons button')].every((each) => each.offsetHeight >= 36)"
    assert browser.run(tall)


def test_a_finger_moves_the_timeline(browser: Browser) -> None:
    browser.open(ROVER.story, "#4", width=390, height=844)
    view = browser.driver.find_element("id", "view")
    ActionChains(browser.driver).move_to_element_with_offset(
        view, 0, 60
    ).click_and_hold().move_by_offset(-120, 0).release().perform()
    assert "5" == browser.at


def test_in_a_long_log_every_moment_is_as_near(browser: Browser) -> None:
    tale = long_tale(20_000)
    browser.open(tale.story)
    slider = "const s = document.getElementById('slider'); s.value = arguments[0]; s.dispatchEvent(new Event('input'))"
    for moment in (20_000, 1, 10_000, 9_999):
        browser.run(slider, moment)
        assert str(moment) == browser.at
        assert browser.text("#now").startswith(f"{moment:,} of 20,000: Mars Rover")
    assert 30 > browser.run("return document.querySelectorAll('.moment').length")
    assert "9,999 items" in browser.text("#stands")


def test_the_last_events_of_a_longer_log_are_told_and_it_says_so(browser: Browser) -> None:
    tale = long_tale(300, limit=100)
    browser.open(tale.story, "#250")
    assert "events 201 to 300, the last ones, in 1 stream" in browser.text("#about")
    assert "250 items" in browser.text("#stands")
    browser.press(Keys.HOME)
    assert "After event 200" == browser.text("#now")


def test_an_empty_log_has_a_page(browser: Browser) -> None:
    browser.open(long_tale(0).story)
    assert "At the beginning" == browser.text("#now")
    for key in (Keys.ARROW_RIGHT, "]", Keys.END, " "):
        browser.press(key)
        assert "0" == browser.at
