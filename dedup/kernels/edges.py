"""The loops that find where sentences end: what the regexes of `paragraphs` and `sentences` find.

Nothing is checked here: `texts` does that. Text is UTF-8 with lone surrogates. `kinds` is what `kinds_of_characters` gives;
`pages` and `cells` are the table, as `folding` has it. How UTF-8 is read stands in each file anew: `jit` tells why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.jit import compiled, inlined
from dedup.text import paragraphs, sentences

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Integer: TypeAlias = int | np.int64
    Bytes: TypeAlias = NDArray[np.uint8]
    Pages: TypeAlias = NDArray[np.uint16]
    Cells: TypeAlias = NDArray[np.uint32]
    Numbers: TypeAlias = NDArray[np.int64]
    Flags: TypeAlias = NDArray[np.bool_]

# Kinds of characters, one bit each: white space of regexes, and the sets of `paragraphs` and `sentences`.
_WHITE, _END, _AFTER_END, _STOP, _AFTER_STOP, _SMALL, _WIDE_STOP, _AFTER_WIDE_STOP = 1, 2, 4, 8, 16, 32, 64, 128
_SPACES = "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CHARACTERS = {
    _WHITE: _SPACES,
    _END: paragraphs.END,
    _AFTER_END: _SPACES + paragraphs.AFTER_END + paragraphs.EMPHASIS,
    _STOP: sentences.STOP,
    _AFTER_STOP: sentences.AFTER_STOP,
    _SMALL: sentences.SMALL,
    _WIDE_STOP: sentences.WIDE_STOP,
    _AFTER_WIDE_STOP: sentences.AFTER_WIDE_STOP,
}
_KINDS = 0x10000  # code points; none beyond is of any kind

_CLOSING_BRACKET, _OPENING_BRACKET, _EMPHASIS, _COLON = 0x5D, 0x5B, 0x2A, 0x3A
# Numbers stand here anew, as they are compiled into the loops: tests hold them equal.
_DIGIT = 4  # `normal.CharClass`
_TAIL, _LONG_UNSTOPPED = 24, 60  # code points; as in `paragraphs`
_MOST = 3  # sentences from either end; as in `sentences`
_NEAR = 512  # bytes before the end of a paragraph, where its last sentences are looked for


def kinds_of_characters() -> Bytes:
    """Returns the bits of each code point below 65,536; those beyond have none."""
    kinds = np.zeros(_KINDS, np.uint8)
    for kind, characters in _CHARACTERS.items():
        before = 0
        for place, character in enumerate(characters):
            span = character == "-" and 0 < place < len(characters) - 1
            kinds[before if span else ord(character) : ord(characters[place + span]) + 1] |= kind
            before = ord(character)
    return kinds


@inlined
def _size(lead: Integer) -> int:
    """The bytes of the code point that begins with this byte; 1 if none does."""
    if lead < 0xC0 or lead > 0xF7:
        return 1
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


@inlined
def _code(size: Integer, a: Integer, b: Integer, c: Integer, d: Integer) -> Integer:
    """The code point of `size` bytes; those behind them do not matter."""
    if size == 1:
        return a
    if size == 2:
        return (a & 0x1F) << 6 | b & 0x3F
    if size == 3:
        return (a & 0x0F) << 12 | (b & 0x3F) << 6 | c & 0x3F
    return min((a & 0x07) << 18 | (b & 0x3F) << 12 | (c & 0x3F) << 6 | d & 0x3F, 0x10FFFF)


@compiled
def _code_at(data: Bytes, i: int, end: int) -> tuple[Integer, int]:
    """The code point that begins at byte `i`, and where the next one does."""
    size = min(_size(data[i]), end - i)
    last = end - 1
    return np.int64(_code(size, data[i], data[min(i + 1, last)], data[min(i + 2, last)], data[min(i + 3, last)])), i + size


@compiled
def _code_before(data: Bytes, start: int, i: int) -> tuple[Integer, int]:
    """The code point that ends before byte `i`, and where it begins."""
    lead = i - 1
    while lead > start and data[lead] & 0xC0 == 0x80 and i - lead < 4:
        lead -= 1
    return _code_at(data, lead, i)[0], lead


@compiled
def _points(data: Bytes, start: int, end: int) -> int:
    """How many code points begin in these bytes."""
    points = 0
    for i in range(start, end):
        points += (data[i] & 0xC0) != 0x80
    return points


@compiled
def ends_of_sentences(  # noqa: C901, PLR0913, PLR0917 - as above
    data: Bytes, starts: Numbers, ends: Numbers, kinds: Bytes, pages: Pages, cells: Cells, out: Flags
) -> None:
    """Fills whether each stretch ends as a sentence does: `paragraphs.ends_sentence`, read from the end."""
    for row in range(len(starts)):
        start, i, left = starts[row], ends[row], _TAIL
        note, digits = False, False  # behind is a closing bracket (of a footnote mark?), and digits before that
        emphasis = False  # behind is a mark of that
        while i > start and left > 0:
            code, i = _code_before(data, start, i)
            left -= 1
            if note:
                if cells[np.int64(pages[code >> 8]) << 8 | code & 255] & 7 == _DIGIT:
                    digits = True
                    continue
                if digits and code != _OPENING_BRACKET:
                    break
                note = False
                if digits:
                    continue
            kind = kinds[code] if code < _KINDS else 0
            if emphasis and kind & _WHITE:
                break
            emphasis = code == _EMPHASIS
            if kind & _END:
                out[row] = True
                break
            if kind & _AFTER_END == 0:
                break
            note, digits = code == _CLOSING_BRACKET, False
        if not out[row] and ends[row] - start >= _LONG_UNSTOPPED and _thai_or_lao(data, start, ends[row]):
            out[row] = _points(data, start, ends[row]) >= _LONG_UNSTOPPED


@compiled
def _thai_or_lao(data: Bytes, start: int, i: int) -> bool:
    """Whether a letter of scripts that know no stop is at the end."""
    left = _TAIL
    while i > start and left > 0:
        code, i = _code_before(data, start, i)
        if 0x0E00 <= code <= 0x0EFF:
            return True
        left -= 1
    return False


@compiled
def _boundary(data: Bytes, i: int, end: int, kinds: Bytes) -> tuple[int, int, int]:
    """Finds the next boundary of sentences from byte `i` on, as `sentences._BOUNDARY` does.

    Returns where its stop (with closing marks) and its white space end, and the latter's code points; `end` if there is none.
    """
    armenian = False  # whether the character before is a letter of theirs
    while i < end:
        if data[i] < 0x80 and kinds[data[i]] & _STOP == 0 and not (armenian and data[i] == _COLON):
            i += 1
            armenian = False
            continue
        code, i = _code_at(data, i, end)
        stop = armenian and code == _COLON
        armenian = bool(0x0531 <= code <= 0x0556 or 0x0561 <= code <= 0x0587)
        if not stop and (code >= _KINDS or kinds[code] & (_STOP | _WIDE_STOP) == 0):
            continue
        wide = kinds[code] & _WIDE_STOP
        closing = _AFTER_WIDE_STOP if wide else _AFTER_STOP
        stopped = i
        while i < end:
            code, after = _code_at(data, i, end)
            if code >= _KINDS or kinds[code] & closing == 0:
                break
            stopped = i = after
        white = 0
        while i < end:
            code, after = _code_at(data, i, end)
            if code >= _KINDS or kinds[code] & _WHITE == 0:
                break
            i = after
            white += 1
        small = i < end and code < _KINDS and kinds[code] & _SMALL
        if wide or (white > 0 and not small):
            return stopped, i, white
        # what was read on the way, white space and closing marks, is no stop
    return end, end, 0


def count_edges(stretches: int) -> int:
    """Returns the most edges that so many stretches have."""
    return 2 * _MOST * stretches


@compiled
def edge_sentences(  # noqa: PLR0913, PLR0917 - as above
    data: Bytes,
    starts: Numbers,
    ends: Numbers,
    kinds: Bytes,
    rows: Numbers,
    begins: Flags,
    edges: Numbers,
) -> int:
    """Fills the edges of each stretch, for each its row, kind and places; returns how many there are.

    `edges` has the rows byte start, byte end, start, end. What lies between the first boundaries and the last is not read.
    """
    stops = np.zeros((_MOST, 2), np.int64)
    beginnings = np.zeros((_MOST, 2), np.int64)
    n = 0
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        at, point, parted = start, 0, 0
        while parted < _MOST:
            stopped, after, white = _boundary(data, at, end, kinds)
            if after == end:
                break
            point += _points(data, at, stopped)
            stops[parted, 0], stops[parted, 1] = stopped, point
            point += white
            beginnings[parted, 0], beginnings[parted, 1] = after, point
            at = after
            parted += 1
        if parted == _MOST:
            parted += _last_beginnings(data, at, end, kinds, beginnings)
            for count in range(_MOST):
                place = (parted - _MOST + count) % _MOST
                if beginnings[place, 0] > at:
                    point += _points(data, at, beginnings[place, 0])
                    at, beginnings[place, 1] = beginnings[place, 0], point
        point += _points(data, at, end)
        found = min(_MOST, parted)
        for count in range(2 * found):
            rows[n], begins[n] = row, count < found
            edges[0, n], edges[1, n], edges[2, n], edges[3, n] = start, end, 0, point
            if count < found:
                edges[1, n], edges[3, n] = stops[count, 0], stops[count, 1]
            else:
                last = (parted - 1 - count + found) % _MOST
                edges[0, n], edges[2, n] = beginnings[last, 0], beginnings[last, 1]
            n += 1
    return n


@compiled
def _last_beginnings(data: Bytes, start: int, end: int, kinds: Bytes, beginnings: Numbers) -> int:
    """Fills in, round and round, where sentences begin after the boundaries that are last; returns after how many.

    A boundary is told by what stands at it, wherever reading begins: it is read from near the end, and from further off where
    fewer are found than are wanted.
    """
    reach, first, parted = _NEAR, end, 0
    while parted < _MOST and first > start:
        first = max(start, end - reach)
        while first > start and (data[first] & 0xC0 == 0x80 or data[first] == _COLON):  # it may be a stop
            first -= 1
        at, parted = first, 0
        while True:
            at = _boundary(data, at, end, kinds)[1]
            if at == end:
                break
            beginnings[parted % _MOST, 0] = at
            parted += 1
        reach *= 4
    return parted
