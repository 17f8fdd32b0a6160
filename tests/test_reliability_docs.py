"""docs/reliability.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "reliability.md").read_text("utf-8")


def functions(name: str) -> set[str]:
    return set(re.findall(r"^def (test_\w+)", (TESTS / name).read_text("utf-8"), re.MULTILINE))


def test_every_test_that_is_named_exists() -> None:
    named = 0
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE):
        heading = re.search(r"shown by \(`(test_\w+\.py)`\)", section)
        home = heading[1] if heading else ""
        for name in re.findall(r"`((?:test_\w+\.py)?(?:::)?(?:test_\w+)?)`", section):
            file, _, function = name.rpartition("::") if "::" in name or not name.endswith(".py") else (name, "", "")
            home = file or home
            assert (TESTS / home).is_file(), name
            if function:
                assert function in functions(home), name
            named += bool(name)
    assert named > 40


def test_every_promise_has_its_test() -> None:
    rows = [
        line
        for line in PAGE.splitlines()
        if line.startswith("| ")
        and not line.startswith(("| ---", "| promise", "| fault", "| input", "| story", "| what was tried"))
    ]
    assert len(rows) > 30
    for row in rows:
        assert "`test_" in row or "`::test_" in row or "just audit" in row or "| both |" in row or "the same |" in row, row
