"""A board drawn: as an SVG file, and as a flowchart for Mermaid."""

from deciderkit.picture.board.mermaid import mermaid
from deciderkit.picture.board.svg import svg

__all__ = ["mermaid", "svg"]
