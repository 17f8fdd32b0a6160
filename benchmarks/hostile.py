"""Corpora on which a careless tool is slow, large or wrong: each is plain, and as large as it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from lexicon import bits, key, language
from stories import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_CHUNK = 1000  # sentences drawn at once
_FILES = 1000  # a folder
_WORDS = 24  # of a sentence here


def _sentences(seed: int, words: int) -> Iterator[str]:
    """Endless distinct sentences."""
    tongue = language("en")
    number = 0
    while True:
        drawn = tongue.draw(bits(key(seed, 9, words, number), _CHUNK * words)).reshape(_CHUNK, words)
        for row in drawn:
            yield sentence(tongue, row)
        number += 1


def _write(out: Path, texts: Iterable[str], site: str) -> None:
    """Write texts as records of one site."""
    with out.open("wb") as stream:
        for number, text in enumerate(texts):
            name = f"d{number:08d}"
            record = {"id": name, "url": f"https://{site}/{name}", "text": text}
            stream.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))


def footer(n: int, seed: int, out: Path) -> None:
    """Pages of one site that have nothing in common but two lines at their end."""
    ends = next(_sentences(seed + 1, _WORDS)) + "\n\n© 2024 footer.example. All rights reserved."
    first = _sentences(seed, _WORDS)
    _write(out, (f"{next(first)}\n\n{next(first)}\n\n{ends}" for _ in range(n)), "footer.example")


def template(n: int, seed: int, out: Path) -> None:
    """Pages that are alike but for a number."""
    given = _sentences(seed, _WORDS)
    before, after = f"{next(given)} {next(given)}", f"{next(given)} {next(given)}"
    _write(out, (f"{before} Reading {number} of the day.\n\n{after}" for number in range(n)), "template.example")


def lines(n: int, seed: int, out: Path) -> None:
    """Documents of one line each, long enough to be compared; one in ten says what many others say."""
    given = _sentences(seed, 18)
    last = [next(given) for _ in range(10)]
    _write(out, (last[number // 10 % 10] if number % 10 == 9 else next(given) for number in range(n)), "lines.example")


def long(n: int, seed: int, out: Path) -> None:
    """One document of `n` bytes, a paragraph a line."""
    given = _sentences(seed, _WORDS)
    with out.open("wb") as stream:
        at = stream.write(b'{"id":"long","url":"https://long.example/long","text":"')
        while at < n:
            at += stream.write(" ".join(next(given) for _ in range(3)).encode() + b"\\n")
        stream.write(b'"}\n')


def tree(n: int, seed: int, out: Path) -> None:
    """Small files, a thousand a folder; a folder is a site."""
    given = _sentences(seed, _WORDS)
    out.mkdir(parents=True, exist_ok=True)
    for number in range(n):
        folder = out / f"site{number // _FILES:05d}"
        if number % _FILES == 0:
            folder.mkdir(exist_ok=True)
        own = f"© 2024 {folder.name}. All rights reserved."
        (folder / f"{number:08d}.txt").write_text(f"{next(given)}\n\n{next(given)}\n\n{own}\n", "utf-8")


KINDS: dict[str, Callable[[int, int, Path], None]] = {
    "footer": footer,
    "template": template,
    "lines": lines,
    "long": long,
    "tree": tree,
}
"""By name; each takes how many (bytes for `long`), a seed, and where to write."""
