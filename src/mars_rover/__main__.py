"""``python -m mars_rover`` is the command line ``mars-rover``."""

import sys


def main() -> None:
    """Run the command line; whoever stops it while it still starts wants no traceback."""
    try:
        from mars_rover.shell.cli import main as run  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
