"""``python -m deciderkit`` is the command line ``deciderkit``."""

import sys


def main() -> None:
    """Run the command line; whoever stops it while it still starts wants no traceback."""
    try:
        from deciderkit.shell.cli.kit import main as run  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
