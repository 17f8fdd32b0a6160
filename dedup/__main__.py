"""`python -m dedup` and the `dedup` command."""

from __future__ import annotations

import gc
import sys

from dedup import stopping


def main() -> None:
    """Run the command line."""
    # modules and texts make many objects and no circles: looking for some takes a tenth of the time
    gc.set_threshold(50_000, 20, 100)
    gc.disable()  # until a command begins: what is imported is no garbage
    stopping.listen()
    try:
        from dedup.cli import app  # noqa: PLC0415 (importing dedup.__main__ must not build the command line)

        if sys.stdout is None:
            from dedup.cli.options import ClosedOutput  # noqa: PLC0415 (seldom needed)

            sys.stdout = ClosedOutput()
        app(prog_name="dedup")
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # typer and rich end with 1 where the reader of their words is gone
            sys.exit(_refused(ended) or 0)
        raise
    except OSError as error:  # commands tell of their own; this is of help, version and bad usage
        from dedup.cli.options import unwritten  # noqa: PLC0415 (seldom needed)

        sys.exit(_refused(error) or unwritten(error))
    except KeyboardInterrupt:  # on Windows, before a command is there to catch it
        sys.exit(130)
    finally:
        stopping.no_more()


def _refused(error: BaseException | None) -> int | None:
    """The exit status of the bad usage that was being told of when this error came; None where it was something else."""
    while error is not None:
        status: int | None = getattr(error, "exit_code", None)  # as typer's errors have it
        if status is not None:
            return status
        error = error.__context__
    return None


if __name__ == "__main__":
    main()
