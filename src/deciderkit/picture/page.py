"""The replay page: a story as one HTML file that needs nothing else and asks nobody for anything.

The template is a value, so that this room stays pure: whoever writes the file reads it first, with
`deciderkit.shell.pages`. All that comes from the board stands in the page as JSON, in which no tag can
begin, and the script shows it as text; the page's own policy lets nothing else run and nothing load.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Final

import msgspec

from deciderkit.picture.story import Story

_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


class Template(msgspec.Struct, frozen=True):
    """What a page is made of besides its story: the three files ``page.html``, ``.css`` and ``.js``."""

    html: str
    style: str
    script: str


def page(story: Story, template: Template) -> str:
    """The page that tells ``story``: the same bytes for the same story.

    >>> bare = Template("<title>{{title}}</title><script type=json>{{data}}</script>", "", "")
    >>> print(page(Story("a < b", {"title": "</script>"}), bare))
    <title>a &lt; b</title><script type=json>{"title":"\\u003c/script>"}</script>
    """
    parts = {
        "title": escape(story.title),
        "style": template.style,
        "script": template.script,
        "style_hash": _hash(template.style),
        "script_hash": _hash(template.script),
        "data": _data(story),
    }
    return _PLACE.sub(lambda found: parts[found[1]], template.html)


def _data(story: Story) -> str:
    """The data as JSON that ends no script: a ``<`` is spelled as its escape."""
    return msgspec.json.encode(story.data).decode().replace("<", r"\u003c")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
