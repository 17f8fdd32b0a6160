"""`python -m dedup` and the `dedup` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from dedup.cli import app  # noqa: PLC0415 (importing dedup.__main__ must not build the command line)

    app(prog_name="dedup")


if __name__ == "__main__":
    main()
