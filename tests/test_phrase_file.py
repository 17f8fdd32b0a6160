"""The phrase form, in which lines and phrases meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedup.boilerplate.phrase_file import compiled_phrase, phrase_words, read_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("— …", []),
        ("Page 12 of 300", ["page", "#", "of", "#"]),
        ("4th b2b Straße", ["#th", "b#b", "strasse"]),
        ("© 2024 ℗", ["copyright", "#", "copyright"]),
        ("Copyright © 2024", ["copyright", "#"]),
        ("©2024 Copyright", ["copyright", "#", "copyright"]),
        ("3件", ["#", "件"]),
        ("๑๒ ٣", ["#", "#"]),
        ("* # ** a", ["a"]),
    ],
)
def test_phrase_words(text: str, expected: list[str]) -> None:
    assert phrase_words(text) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Related Contents", "related contents"),
        ("# of # — **", "# of # **"),
        ("#th *", "#th *"),
        ("**報導*", "** 報 導 *"),
        ("Copyright © # **", "copyright # **"),
        ("don't * log-in", "don t * log in"),
    ],
)
def test_compiled_phrase(phrase: str, expected: str) -> None:
    assert compiled_phrase(phrase) == expected


@pytest.mark.parametrize("phrase", ["", "*", "# ** #", "…", "a *** b"])
def test_phrases_that_say_nothing_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"written out|no wildcard"):
        compiled_phrase(phrase)


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "sv.toml"
    path.write_text('[[phrase]]\nrule = "share"\nphrase = "dela med grannen"\n', "utf-8-sig")
    assert [phrase.phrase for phrase in read_file(path, ["share"]).phrases] == ["dela med grannen"]
