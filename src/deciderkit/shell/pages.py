"""The template of the replay page, read from the files that the package brings."""

from __future__ import annotations

from importlib.resources import files

from deciderkit.picture.page import Template


def read_template() -> Template:
    """The template of `page`, as it was installed."""
    assets = files("deciderkit.picture") / "assets"
    html, style, script = (
        (assets / f"page.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    return Template(html, style, script)
