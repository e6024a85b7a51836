"""A run to look at: as a map in letters, as an SVG, on the replay page; and a world drawn in text."""

from mars_rover.picture.drawn import Drawn, parse_drawn_world, print_world
from mars_rover.picture.journey import Journey, journey_of
from mars_rover.picture.replay import ROVER_PICTURE
from mars_rover.picture.svg import svg_of
from mars_rover.picture.terminal import STYLES, map_of, plain
from mars_rover.picture.words import SPELLING

__all__ = [
    "ROVER_PICTURE",
    "SPELLING",
    "STYLES",
    "Drawn",
    "Journey",
    "journey_of",
    "map_of",
    "parse_drawn_world",
    "plain",
    "print_world",
    "svg_of",
]
