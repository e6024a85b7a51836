"""What a page that was written tells: its title, and its data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any


def data_of(file: Path) -> dict[str, Any]:
    """The story in the page ``file``."""
    found = re.search(
        r"<script[^>]*application/json[^>]*>(.*?)</script>", file.read_text(encoding="utf-8"), re.S
    )
    assert found, "expected a page with a story"
    data: dict[str, Any] = json.loads(found[1])
    return data


def events_of(file: Path) -> list[str]:
    """Every moment of the page ``file``, by name and words."""
    data = data_of(file)
    _, names, texts, _ = data["moments"]
    words = data["texts"]
    return [
        f"{words[name]} {words[text]}".strip() if name >= 0 else "-"
        for name, text in zip(names, texts, strict=True)
    ]
