"""Where `casewright` and `python -m casewright.cli` begin; the version is told before anything is imported."""

import sys


def main(words: list[str] | None = None) -> int:
    """Run the command line; return the exit code, or, where nobody handed it the words, end with it."""
    if words is not None:
        return _run(words)
    code = _run(sys.argv[1:])
    _leave(code)
    return code


def _run(given: list[str]) -> int:
    if given in (["--version"], ["-V"]):
        from casewright import __version__

        print(f"casewright {__version__}")
        return 0
    from casewright.cli.run import run

    return run(given)


def _leave(code: int) -> None:
    """End the process where nothing else is at work in it: a tenth of its time goes into taking its objects apart."""
    import atexit
    import os
    import threading

    if threading.active_count() > 1:
        return
    try:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
