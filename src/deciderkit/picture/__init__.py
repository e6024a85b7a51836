"""Board, run and replay as pictures: pure functions to text, SVG and HTML, for any board."""
