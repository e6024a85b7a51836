"""``python -m deciderkit`` is the command line ``deciderkit``."""

from deciderkit.shell.cli.kit import main

if __name__ == "__main__":
    main()
