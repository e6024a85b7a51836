"""Pictures as pure strings: what a board, a run or a replay looks like."""
