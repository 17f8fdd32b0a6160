"""What documentation and docstrings refer to is there: modules move, and their names in sentences do not move with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = sorted(path.parent.name for path in ROOT.glob("dedup/*/__init__.py"))
PATH = re.compile(rf"(?:{'|'.join(PACKAGES)})/\w+\.py")
DOTTED = re.compile(rf"`(?:dedup\.)?({'|'.join(PACKAGES)})\.(\w+)")
TOLD = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("dedup/**/*.py"), ROOT / ".importlinter"]


def test_there_is_something_to_look_at() -> None:
    assert {"engines", "matching"} <= set(PACKAGES)
    assert PATH.findall("(`engines/sieve.py`)") == ["engines/sieve.py"]
    assert DOTTED.findall("see `engines.sieve` and `dedup.text.normal`") == [("engines", "sieve"), ("text", "normal")]


@pytest.mark.parametrize("path", TOLD, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_that_are_referred_to_are_there(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [name for name in PATH.findall(text) if not (ROOT / "dedup" / name).exists()] == []
    if path.suffix == ".py":  # elsewhere `boilerplate.section` is a rule
        missing = [f"{package}.{name}" for package, name in DOTTED.findall(text) if not _is_there(package, name)]
        assert missing == []


def _is_there(package: str, name: str) -> bool:
    home = ROOT / "dedup" / package
    return (home / f"{name}.py").exists() or f"def {name}(" in (home / "__init__.py").read_text("utf-8")
