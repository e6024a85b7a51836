"""``python -m mars_rover`` is the command line."""

from mars_rover.shell.cli import main

if __name__ == "__main__":
    main()
