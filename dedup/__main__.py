"""`python -m dedup` and the `dedup` command."""

from __future__ import annotations

import gc
import signal
import sys


def main() -> None:
    """Run the command line."""
    # modules and texts make many objects and no circles: looking for some takes a tenth of the time
    gc.set_threshold(50_000, 20, 100)
    try:
        from dedup.cli import app  # noqa: PLC0415 (importing dedup.__main__ must not build the command line)

        app(prog_name="dedup")
    except KeyboardInterrupt:  # before a command is there to catch it
        sys.exit(130)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done and told: only Python's own end is left to be interrupted


if __name__ == "__main__":
    main()
