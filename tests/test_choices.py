"""A word that may be chosen is declared once, and chosen everywhere by that."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args, get_type_hints

import pytest

from dedup import choices
from dedup.cli.find import MatchOptions
from dedup.cli.options import InputOptions, JudgeOptions
from dedup.errors import UsageError
from dedup.kernels import check
from dedup.settings import CleanSettings

ROOT = Path(__file__).parent.parent / "dedup"


@pytest.mark.parametrize("word", [*choices.KEEP_DOC, *choices.MODES[1:], *choices.KERNELS[1:], "parquet", "zst"])
def test_no_other_module_lists_them(word: str) -> None:
    listing = [
        path.name
        for path in ROOT.rglob("*.py")
        if any("Literal[" in line and f'"{word}"' in line for line in path.read_text("utf-8").splitlines())
    ]
    assert listing == ["choices.py"]


def test_options_and_checks_take_them() -> None:
    assert get_args(choices.AnyFormat) == ("auto", *choices.FORMATS)
    for group, name, choice in (
        (InputOptions, "format", choices.AnyFormat),
        (JudgeOptions, "paragraphs", choices.Mode),
        (MatchOptions, "keep_doc", choices.KeepDoc),
        (MatchOptions, "kernel", choices.KernelName),
    ):
        assert get_type_hints(group)[name] == choice
    for mode in choices.MODES:
        assert CleanSettings(paragraphs=mode).paragraphs == mode
    for kernel in choices.KERNELS:
        check(kernel)
    with pytest.raises(UsageError, match="choose one of auto, fast, reference"):
        check("other")
    assert choices.Format == Literal["text", "jsonl", "csv", "tsv", "parquet"]
