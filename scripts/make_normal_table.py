"""Makes dedup/text/normal_table.bin, the table of the normal form, from `unicodedata` (Unicode 14.0.0: Python 3.11).

    python scripts/make_normal_table.py            write the table
    python scripts/make_normal_table.py --check    exit 1 if the committed table is not what would be written

The layout of the file is told in the docstring of dedup/text/normal.py, the reasons in docs/adr/0001-normal-form.md.
"""

from __future__ import annotations

import functools
import struct
import sys
import unicodedata
from pathlib import Path

from dedup.text.normal import CODE_POINTS, MAGIC, PAGE, CharClass, unicode_version

TARGET = Path(__file__).parent.parent / "dedup" / "text" / "normal_table.bin"

# Scripts written without spaces; `unicodedata` knows no scripts, but the names tell them.
NO_SPACE_NAMES = (
    "CJK UNIFIED IDEOGRAPH",
    "CJK COMPATIBILITY IDEOGRAPH",
    "HALFWIDTH KATAKANA",
    "HANGZHOU NUMERAL",
    "HENTAIGANA",
    "HIRAGANA",
    "IDEOGRAPHIC",
    "KATAKANA",
    "KHMER",
    "LAO ",
    "MYANMAR",
    "THAI",
    "VERTICAL IDEOGRAPHIC",
    "VERTICAL KANA",
)
# Blocks and planes kept by Unicode for ideographs, assigned in version 14 or not yet.
IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD))
# Marks that only choose a glyph or bar a reordering: variation selectors (also Mongolian ones), grapheme joiner.
INVISIBLE_MARKS = {0x034F, *range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
# Casefolding would make this mark a letter, and the form depend on which of several marks was written first.
IOTA_SUBSCRIPT = "\u0345"
# What Arabic and Hebrew may be written with or without: signs of vowels, the hamza and madda over a letter, the line that
# stretches a word. One outlet writes them, the next does not.
OPTIONAL = {0x0640, *range(0x064B, 0x0656), 0x0670, *range(0x05B0, 0x05BD), 0x05BF, 0x05C1, 0x05C2, 0x05C7}
# Letters that one keyboard writes for another's: Arabic yeh, alef maksura and kaf for those of Persian and Urdu.
SAME = {0x064A: 0x06CC, 0x0649: 0x06CC, 0x0643: 0x06A9}
# Letters of Malayalam and Bengali without a vowel; old texts write the letter, the sign that takes its vowel, and a joiner.
JOINED = {"ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്", "ൎ": "ര്", "ৎ": "ত্"}
# Letters that one keyboard writes where another has the apostrophe: Uzbek, Ukrainian.
APOSTROPHES = {0x02BB, 0x02BC}
# Letters in the shape that they have within a word, as PDF files give them; digits and Latin letters as wide as ideographs, which
# one outlet of Japan writes for the other's, and narrow kana.
SHAPES = (
    *(range(0xFB50, 0xFDF0), range(0xFE70, 0xFEFD)),
    *(range(0xFF10, 0xFF1A), range(0xFF21, 0xFF3B), range(0xFF41, 0xFF5B)),
    range(0xFF66, 0xFFA0),
)
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
SURROGATES = range(0xD800, 0xE000)
REPLACEMENT = 0xFFFD


def is_no_space(code: int, category: str, name: str) -> bool:
    """Whether the code point is, or is kept for, a letter or ideograph of a script without spaces."""
    kept = any(first <= code <= last for first, last in IDEOGRAPHS)
    return kept or ((category[0] == "L" or category == "Nl") and name.startswith(NO_SPACE_NAMES))


@functools.cache
def class_of(code: int) -> CharClass:
    """The class of a code point that is folded already."""
    char = chr(code)
    category = unicodedata.category(char)
    name = unicodedata.name(char, "")
    if code == REPLACEMENT:  # a symbol by category; as a letter it keeps the damaged word a word
        result = CharClass.LETTER
    elif category == "Cf" or code in INVISIBLE_MARKS or code in OPTIONAL:
        result = CharClass.DROP
    elif category[0] in "PSZ" or category in {"Cc", "Co"} or code in APOSTROPHES:
        result = CharClass.SEPARATOR
    elif category[0] == "M":
        result = CharClass.MARK
    elif category == "Nd":
        result = CharClass.DIGIT
    elif is_no_space(code, category, name):
        result = CharClass.NO_SPACE
    elif category[0] == "L" and {"LATIN", "GREEK"} & set(name.split()):
        result = CharClass.LATIN_GREEK
    else:
        result = CharClass.LETTER
    return result


def decomposed(text: str) -> str:
    """Each code point's full canonical decomposition, Hangul syllables left as they are; letters out of their shapes."""
    text = "".join(JOINED.get(char, char) for char in text)
    return "".join(char if ord(char) in HANGUL_SYLLABLES else unicodedata.normalize("NFD", _out_of_shape(char)) for char in text)


def _out_of_shape(char: str) -> str:
    """The letters that an Arabic presentation form, a wide or a narrow character shows, or the character itself."""
    letters = unicodedata.normalize("NFKD", char)
    shaped = any(ord(char) in shapes for shapes in SHAPES) and unicodedata.category(char)[0] in "LN" and " " not in letters
    return letters if shaped else char


def casefolded(text: str) -> str:
    """Full case folding, but for the iota subscript."""
    return "".join(char if char == IOTA_SUBSCRIPT else char.casefold() for char in text)


def folded(code: int) -> list[int]:
    """The code points that stand for `code` in the stream: itself, others, or none."""
    if code in SURROGATES:
        return [REPLACEMENT]
    text, last = decomposed(chr(code)), ""
    while text != last:
        text, last = decomposed(casefolded(text)), text
    units: list[int] = []
    for unit in (SAME.get(ord(char), ord(char)) for char in text):
        kind = class_of(unit)
        after_latin = bool(units) and class_of(units[-1]) is CharClass.LATIN_GREEK
        if kind is CharClass.DROP or (kind is CharClass.MARK and after_latin):
            continue
        units.append(ord(" ") if kind is CharClass.SEPARATOR else unit)
    return units


# Class, canonical combining class, replacement (empty: itself or nothing).
Action = tuple[CharClass, int, tuple[int, ...]]


def action_of(code: int) -> Action:
    """What the machine does at `code`."""
    if unicodedata.category(chr(code)) in {"Cn", "Co"}:  # there is nothing to fold
        return class_of(code), 0, ()
    units = folded(code)
    if not units:
        return CharClass.DROP, 0, ()
    kind = class_of(units[0])
    if units == [code] or units == [ord(" ")]:
        order = unicodedata.combining(chr(units[0]))
        if order and kind is not CharClass.MARK:
            raise ValueError(f"U+{code:04X} is no mark but has combining class {order}")
        return kind, order, ()
    return kind, 0, tuple(units)


def table() -> bytes:
    """The whole file."""
    if unicodedata.unidata_version != unicode_version:
        raise SystemExit(f"needs Unicode {unicode_version} (Python 3.11), not {unicodedata.unidata_version}")
    numbers: dict[Action, int] = {}  # in order of first use
    per_code = [numbers.setdefault(action_of(code), len(numbers)) for code in range(CODE_POINTS)]
    pages: dict[tuple[int, ...], int] = {}
    index = [pages.setdefault(tuple(per_code[first : first + PAGE]), len(pages)) for first in range(0, CODE_POINTS, PAGE)]
    replacements: list[int] = []
    starts: list[int] = []
    for _, _, units in numbers:
        starts.append(len(replacements))
        replacements.extend(units)
    entries = [number for page in pages for number in page]
    version = map(int, unicode_version.split("."))
    return b"".join(
        (
            MAGIC,
            struct.pack("<6I", *version, len(pages), len(numbers), len(replacements)),
            struct.pack(f"<{len(replacements)}I", *replacements),
            struct.pack(f"<{len(index)}H", *index),
            struct.pack(f"<{len(entries)}H", *entries),
            struct.pack(f"<{len(starts)}H", *starts),
            bytes(len(units) for _, _, units in numbers),
            bytes(kind for kind, _, _ in numbers),
            bytes(order for _, order, _ in numbers),
        )
    )


def main() -> int:
    """Write or check; the exit status."""
    data = table()
    if "--check" in sys.argv[1:]:
        same = TARGET.exists() and TARGET.read_bytes() == data
        print(f"{TARGET.name}: {'up to date' if same else 'differs: run scripts/make_normal_table.py'}")
        return 0 if same else 1
    TARGET.write_bytes(data)
    print(f"{TARGET.name}: {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
