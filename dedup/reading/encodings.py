"""Tells the encoding of a text and decodes it so that every code point's bytes can be found again."""

from __future__ import annotations

import codecs
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

UTF8_MARK = codecs.BOM_UTF8
WIDE_MARKS = {
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
"""Byte order marks of the encodings in which the byte of a newline may be part of another character, each as long as a unit; the
longer ones first, as that of UTF-32-LE begins as that of UTF-16-LE."""
_ANY_WIDE = tuple(WIDE_MARKS.values())

_SAMPLE = 1 << 16
"""Bytes that are looked at to guess an encoding; the whole text is decoded with the guess."""

_GUESSED = (
    *("cp1252", "cp1250", "cp1254", "cp1255", "cp1251", "cp1253", "cp1256", "cp1257", "cp1258", "cp874"),
    *("gb18030", "cp950", "cp932", "euc_jp", "cp949", "koi8_r", "koi8_u", "cp866"),
    *("iso8859_2", "iso8859_3", "iso8859_4", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_10"),
    *("iso8859_13", "iso8859_14", "iso8859_15", "iso8859_16", "mac_cyrillic", "mac_roman"),
)
"""The legacy encodings that are guessed, in order of preference among equals: those that browsers know (WHATWG Encoding Standard)
less the stateful ones, whose bytes have no meaning of their own, so that no span could be cut out (iso-2022-jp). UTF-7 and HZ are
none of them. gb18030 reads GBK and GB 2312, cp949 EUC-KR, cp932 Shift-JIS, cp950 Big5, cp1252 Latin-1."""

_ALPHABETS = (
    *("àâæçéèêëîïôœùûüÿ", "äöüßé", "áéíñóúü", "áâãàçéêíóôõúü", "àèéìíòóù", "éëèïóöü", "åäöé", "æøåéòô", "áðéíóúýþæö"),
    *("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž", "çğıöşüâîû", "àçéèíïóòúü·l"),
    *("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž", "ĉĝĥĵŝŭ", "ċġħżàèìòù", "áéíóúàèìòùŵŷâêîôûẅẗ"),
    "ăâđêôơưáàãéèíóúù\u0300\u0301\u0303\u0309\u0323",
)
"""The letters beyond ASCII of languages in Latin script; those of Vietnamese as cp1258 has them, with its tones as marks."""


class Decoded(NamedTuple):
    """A text with the way back to its bytes.

    Attributes:
        text: without a byte order mark; undecodable bytes are lone surrogates (U+DC80 to U+DCFF).
        encoding: as Python names it; "utf-8-sig" for UTF-8 with a byte order mark.
        byte_offsets: maps ascending code point offsets to byte offsets in the bytes that were decoded.
        note: said when the encoding was guessed or bytes are damaged, else None.
    """

    text: str
    encoding: str
    byte_offsets: Callable[[Sequence[int]], list[int]]
    note: str | None = None


def prefix_offsets(text: str, encoding: str, errors: str, first: int, offsets: Sequence[int]) -> list[int]:
    """Map ascending code point offsets to byte offsets by encoding the stretches between them.

    Exact for every encoding that writes each code point by itself. `first` is the byte where the text begins.
    """
    result = []
    at, byte = 0, first
    for offset in offsets:
        byte += len(text[at:offset].encode(encoding, errors))
        at = offset
        result.append(byte)
    return result


def wide(raw: bytes) -> str | None:
    """The encoding of UTF-16 or UTF-32 whose byte order mark begins these bytes, or None."""
    if not raw.startswith(_ANY_WIDE):
        return None
    return next(encoding for encoding, mark in WIDE_MARKS.items() if raw.startswith(mark))


def decode(raw: bytes) -> Decoded:
    """Decode a whole text; never fails.

    In this order: a byte order mark decides; valid UTF-8; UTF-8 with damaged bytes, when there are at least as many
    characters beyond ASCII as undecodable bytes (in a text of another encoding such characters come about by chance only);
    what charset-normalizer makes of it; Latin-1. A text that is not the same bytes when encoded again is tried further.
    Empty input gives an empty text.
    """
    return (raw.startswith(_ANY_WIDE) and _decode_wide(raw)) or _decode_utf8(raw) or _decode_guessed(raw)


def _made(text: str, encoding: str, errors: str, note: str | None = None, *, first: int = 0) -> Decoded:
    offsets = partial(prefix_offsets, text, encoding, errors, first)
    return Decoded(text, encoding, offsets, note)


def _decode_wide(raw: bytes) -> Decoded | None:
    """Decode UTF-16 and UTF-32 with a byte order mark. Bytes at the end that are no whole unit are left out of the text."""
    for encoding, mark in WIDE_MARKS.items():
        if not raw.startswith(mark):
            continue
        cut = len(raw) % len(mark)
        try:
            text = raw[len(mark) : len(raw) - cut].decode(encoding, "surrogatepass")
        except UnicodeDecodeError:
            continue
        note = f"{encoding} text is cut off in the middle of a character" if cut else None
        return _made(text, encoding, "surrogatepass", note, first=len(mark))
    return None


def _decode_utf8(raw: bytes) -> Decoded | None:
    """Decode UTF-8, also with some damage; None when it is more likely something else."""
    first = len(UTF8_MARK) if raw.startswith(UTF8_MARK) else 0
    encoding = "utf-8-sig" if first else "utf-8"
    body = raw[first:] if first else raw
    note = None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        text = body.decode("utf-8", "surrogateescape")
        bad = _bad_bytes(text)
        good = sum(char > "\x7f" for char in text) - bad
        cut_off = error.end == len(body) and error.reason == "unexpected end of data"
        if not first and not good >= (1 if cut_off else bad):
            return None
        note = "1 byte is not UTF-8" if bad == 1 else f"{bad} bytes are not UTF-8"
    offsets = partial(prefix_offsets, text, "utf-8", "surrogateescape", first)
    return Decoded(text, encoding, offsets, note)


def _decode_guessed(raw: bytes) -> Decoded:
    for guess in _guesses(_sample(raw)):
        name = codecs.lookup(guess).name
        text = _round_trip(raw, guess, "strict")
        if text is not None:
            return _made(text, name, "strict", f"encoding detected as {name}")
        text = _round_trip(raw, guess, "surrogateescape")
        bad = 0 if text is None else _bad_bytes(text)
        if text is not None and bad <= max(3, len(text) // 100):
            note = f"encoding detected as {name}, in which {'1 byte means' if bad == 1 else f'{bad} bytes mean'} nothing"
            return _made(text, name, "surrogateescape", note)
    return _made(raw.decode("latin-1"), "latin-1", "strict", "encoding unknown, read as latin-1")


def _bad_bytes(text: str) -> int:
    """Count the bytes that could not be decoded."""
    return sum("\udc80" <= char <= "\udcff" for char in text)


def _round_trip(raw: bytes, encoding: str, errors: str) -> str | None:
    """Decode, and give the text only if encoding it again gives the same bytes."""
    try:
        text = raw.decode(encoding, errors)
        return text if text.encode(encoding, errors) == raw else None
    except UnicodeError:
        return None


def _sample(raw: bytes) -> bytes:
    """Give what the encoding is told by: of a long text the lines with bytes beyond ASCII.

    Of a short one all, less a last line that is not ended, where there is enough else: it may be cut in a character.
    """
    if len(raw) <= _SAMPLE:
        ended = raw.rfind(b"\n") + 1
        return raw[:ended] if 2 * ended > len(raw) else raw
    telling: list[bytes] = []
    size = 0
    for line in raw.splitlines(keepends=True):
        if not line.isascii() and size + len(line) <= _SAMPLE:
            telling.append(line)
            size += len(line)
    return b"".join(telling) or raw[:_SAMPLE]


def _guesses(sample: bytes) -> Iterator[str]:
    """Give encodings to try, likeliest first.

    charset-normalizer ranks by disorder, then by how well letters fit a language. It leaves equals, and for short texts in
    Latin script near-equals, which are told apart here: a Latin reading within .02 of the best one's disorder and .15 of its
    coherence goes by how many of its letters beyond ASCII belong to one language, line by line, then in the whole text (a
    table may hold texts in several), then by its place in `_GUESSED`, so that a few curly quotes or accents mean cp1252; that
    one takes part also where charset-normalizer does not offer it. Other equals go by place, multi-byte encodings first: bytes
    are in pairs seldom by chance.
    """
    from charset_normalizer import from_bytes  # noqa: PLC0415  # 80 ms that UTF-8 texts do not need

    for piece in _pieces(sample):
        matches = list(from_bytes(piece, cp_isolation=list(_GUESSED)))
        if matches:
            break
    else:
        yield "cp1252"
        return
    best = matches[0]
    latin = _is_latin(str(best))
    ranked: list[tuple[float, float, int, str]] = []
    for match in matches:
        text = str(match)
        if latin and match.chaos <= best.chaos + 0.02 and match.coherence >= best.coherence - 0.15 and _is_latin(text):
            by_line, whole = _shares_of_alphabets(text)
        elif (match.chaos, match.coherence) == (best.chaos, best.coherence):
            by_line = whole = 1.0 if match.multi_byte_usage > 0 else 0.0
        else:
            continue
        ranked += [(-by_line, -whole, _GUESSED.index(name), name) for name in match.could_be_from_charset if name in _GUESSED]
    common = _round_trip(sample, "cp1252", "strict") if latin else None
    if common is not None:
        by_line, whole = _shares_of_alphabets(common)
        ranked.append((0.01 - by_line, -whole, 0, "cp1252"))
    yield from (name for *_, name in sorted(ranked))
    yield from (match.encoding for match in matches)


def _pieces(sample: bytes) -> Iterator[bytes]:
    """Give a sample, then parts of it: multi-byte encodings are recognized only where no character is cut or damaged."""
    yield sample
    yield from (sample[:-lost] for lost in (1, 2, 3))
    yield from sorted(sample.splitlines(), key=len, reverse=True)[:8]


def _is_latin(text: str) -> bool:
    """Tell whether at least half of the letters are Latin."""
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(char < "\u0250" for char in letters) >= len(letters)


def _shares_of_alphabets(text: str) -> tuple[float, float]:
    """Give the share of the Latin letters beyond ASCII that fits one language a line, and that of one for all; 1 without any."""
    lines = [letters for line in text.lower().splitlines() if (letters := [*filter(_is_special, line)])]
    total = sum(map(len, lines))
    if not total:
        return 1.0, 1.0
    return sum(map(_fitting, lines)) / total, _fitting([letter for line in lines for letter in line]) / total


def _is_special(char: str) -> bool:
    """Tell whether a character is a Latin letter beyond ASCII, or a combining mark."""
    return ("\x7f" < char < "\u0250" and char.isalpha()) or "\u0300" <= char < "\u0370"


def _fitting(letters: list[str]) -> int:
    """Count the letters that the best fitting language has."""
    return max(sum(char in alphabet for char in letters) for alphabet in _ALPHABETS)
