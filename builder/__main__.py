"""The command `guide`, which is `python -m builder` too: the rest is imported under its care."""

import sys


def main() -> None:
    """Run the command line; interrupted before it is there, say so as it would."""
    try:
        from builder.commands import main as run
    except KeyboardInterrupt:
        sys.exit("Interrompu.")
    run()


if __name__ == "__main__":
    main()
