"""Where `casewright` and `python -m casewright.cli` begin; the version is told before anything is imported."""

import sys


def main(words: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    given = sys.argv[1:] if words is None else words
    if given in (["--version"], ["-V"]):
        from casewright import __version__

        print(f"casewright {__version__}")
        return 0
    from casewright.cli.run import run

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
