"""The loops that find lines: what the regexes of `paragraphs` find, and its tests of hard-wrapped text that cost little.

Nothing is checked here: `texts` does that. Text is UTF-8 with lone surrogates. `pages` and `cells` are the table, as
`folding` has it. How UTF-8 is read stands in each file anew: `jit` tells why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numba.extending import intrinsic

from dedup.kernels.jit import compiled, inlined

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Integer: TypeAlias = int | np.int64
    Bytes: TypeAlias = NDArray[np.uint8]
    Pages: TypeAlias = NDArray[np.uint16]
    Cells: TypeAlias = NDArray[np.uint32]
    Numbers: TypeAlias = NDArray[np.int64]
    Flags: TypeAlias = NDArray[np.bool_]

_NO_SPACE = 5  # `normal.CharClass`
_NARROWEST_WRAP, _WIDEST_WRAP = 40, 120  # columns; these and the next ones as in `paragraphs`
_WRAPPED_SHARE, _STICKING_OUT = 0.75, 0.05
_SHORT_LINE, _LAST_WORD, _PROVEN_LONG = 0.75, 8, 5
_WIDER = _WIDEST_WRAP + 1  # stands for any width beyond
_MANY = 1 << 20  # line ends that are worth being told apart before room for them is taken

U = np.uint64  # numba turns uint64 with int64 into float64: every constant must be unsigned
_HIGHS = U(0x8080808080808080)
_FROM_10, _FROM_14 = (
    U(0x7676767676767676),
    U(0x7272727272727272),
)  # added to a byte below 128: its high bit tells that it is so much


def _define_load(_context: Any, _address: Any) -> Any:  # noqa: ANN401 - numba's types are untyped
    """Tells numba how to load eight bytes, the first one lowest, from an address that need not be aligned."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - same
        pointer = builder.inttoptr(arguments[0], context.get_value_type(numba.types.uint64).as_pointer())
        return builder.load(pointer, align=1)

    return numba.types.uint64(numba.types.int64), generate


_load: Any = intrinsic(_define_load)


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


@inlined
def _is_white(code: Integer) -> bool:
    """As `str.isspace`."""
    if code < 0x80:
        return bool(code == 32 or 9 <= code <= 13 or 28 <= code <= 31)
    if code < 0x2000:
        return code in (0x85, 0xA0, 0x1680)
    return bool(code <= 0x200A or code in (0x2028, 0x2029, 0x202F, 0x205F, 0x3000))


@inlined
def _wide(code: Integer) -> int:
    """1 if it takes two columns, else 0."""
    if code < 0x1100 or 0x115F < code < 0x2E80:
        return 0
    if code <= 0xA4CF or 0xAC00 <= code <= 0xD7A3 or 0xF900 <= code <= 0xFAFF or 0xFE30 <= code <= 0xFE6F:
        return 1
    return int(0xFF01 <= code <= 0xFF60 or 0xFFE0 <= code <= 0xFFE6 or 0x20000 <= code <= 0x3FFFD)


@inlined
def _break_size(a: Integer, b: Integer, c: Integer) -> int:
    """The bytes of the line end that begins with `a`, 0 if none does; CRLF is two."""
    if a < 0x80:
        return 1 if 10 <= a <= 13 else 0
    if a == 0xC2 and b == 0x85:
        return 2
    return 3 if a == 0xE2 and b == 0x80 and 0xA8 <= c <= 0xA9 else 0


@compiled
def have_any(data: Bytes, starts: Numbers, ends: Numbers, wanted: Flags, found: Flags) -> None:
    """Tell which stretches have a byte that is wanted."""
    for row in range(len(starts)):
        for i in range(starts[row], ends[row]):
            if wanted[data[i]]:
                found[row] = True
                break


@compiled
def count_breaks(data: Bytes) -> int:
    """The most line ends that there can be: those of ASCII, and the last bytes of the others.

    Where that is many, of the others those with their first bytes before them: Chinese is full of such last bytes.
    """
    found = 0
    for byte in data:
        found += ((byte >= 10) & (byte <= 13)) | (byte == 0x85) | (byte == 0xA8) | (byte == 0xA9)
    if found <= _MANY:
        return found
    found = 0
    for i in range(len(data)):
        if data[i] < 0x80:
            found += 10 <= data[i] <= 13
        elif data[i] == 0x85:
            found += i > 0 and data[i - 1] == 0xC2
        elif 0xA8 <= data[i] <= 0xA9:
            found += i > 1 and data[i - 1] == 0x80 and data[i - 2] == 0xE2
    return found


@compiled
def _next_break(data: Bytes, i: int, stop: int) -> tuple[int, int, int]:
    """The next line end from byte `i` on, its bytes (0: there is none), and how many bytes before it are within a code point."""
    source = data.ctypes.data
    size, within = 0, 0
    while i < stop and size == 0:
        limit = min(i + 8, stop)
        lane = _load(source + i) if i + 8 == limit else _HIGHS
        if (lane | (lane + _FROM_10 & ~(lane + _FROM_14))) & _HIGHS == U(0):
            i = limit
        while i < limit:
            if data[i] < 0x80:
                size = 1 if 10 <= data[i] <= 13 else 0
            elif data[i] < 0xC0:
                within += 1
            elif data[i] in (0xC2, 0xE2):
                size = min(_break_size(data[i], data[min(i + 1, stop - 1)], data[min(i + 2, stop - 1)]), stop - i)
            if size > 0:
                break
            i += 1
    return i, size, within


@compiled
def _without_white(data: Bytes, start: int, end: int) -> tuple[int, int]:
    """Where a line ends without its white space, and how many bytes of that are within a code point."""
    within = 0
    while end > start:
        code, before = _code_before(data, start, end)
        if not _is_white(code):
            break
        within += end - before - 1
        end = before
    return end, within


@compiled
def split_lines(  # noqa: PLR0913, PLR0917 - columns: numba has no records without cost
    data: Bytes,
    offsets: Numbers,
    pages: Pages,
    cells: Cells,
    byte_starts: Numbers,
    byte_ends: Numbers,
    starts: Numbers,
    ends: Numbers,
    line_offsets: Numbers,
    wrapped: Flags,
) -> Integer:
    """Fills the lines that are not blank, their offsets, and which texts may be wrapped; returns how many lines there are."""
    widths = np.empty(len(starts), np.uint8)
    follows = np.empty(len(starts), np.bool_)  # no blank line before it
    items = np.empty(len(starts), np.bool_)  # of lists
    n: Integer = np.int64(0)  # a literal would have `_may_be_wrapped` compiled twice
    for text in range(len(offsets) - 1):
        i, stop, first = offsets[text], offsets[text + 1], n
        point, breaks = 0, 2
        while i < stop:
            start = i
            i, size, within = _next_break(data, start, stop)
            end, behind = _without_white(data, start, i)
            if end > start:
                length = end - start - (within - behind)
                byte_starts[n], byte_ends[n], starts[n], ends[n] = start, end, point, point + length
                widths[n], follows[n] = _width(data, start, end, length), breaks <= 1
                items[n] = _is_item(data, start, end)
                breaks = 0
                n += 1
            point += i - start - within
            if size > 0:
                point += 1
                breaks += data[i] != 10 or i == offsets[text] or data[i - 1] != 13
                i += size
        line_offsets[text + 1] = n
        wrapped[text] = _may_be_wrapped(data, byte_starts, byte_ends, widths, follows, first, n, pages, cells)
        if not wrapped[text]:
            wrapped[text] = _may_be_dumped(data, byte_starts, byte_ends, widths, follows, items, first, n, pages, cells)
    return n


@compiled
def _width(data: Bytes, start: int, end: int, length: int) -> int:
    """The columns of a line of `length` code points, up to `_WIDER`."""
    if length < end - start and length < _WIDER:
        for i in range(start, end):
            if data[i] >= 0xE1:  # with it begins U+1100, the first wide one
                length += _wide(_code_at(data, i, end)[0])
    return min(length, _WIDER)


@compiled
def _may_be_wrapped(  # noqa: PLR0913, PLR0917 - columns, as above
    data: Bytes,
    starts: Numbers,
    ends: Numbers,
    widths: Bytes,
    follows: Flags,
    first: Integer,
    n: Integer,
    pages: Pages,
    cells: Cells,
) -> bool:
    """Whether lines `first` to `n` pass the first two tests of `paragraphs._wrap_column`: a column that most of them fill."""
    counts = np.zeros(_WIDER + 1, np.int64)
    pairs = 0
    for line in range(first, n):
        counts[widths[line]] += 1
        pairs += follows[line]
    column, from_there = _WIDER, counts[_WIDER]
    while column > 0 and from_there <= int(_STICKING_OUT * (n - first)):
        column -= 1
        from_there += counts[column]
    if pairs == 0 or column < _NARROWEST_WRAP or column > _WIDEST_WRAP:
        return False
    full = 0
    for line in range(first, n):
        if follows[line]:
            room = column - widths[line - 1]
            full += room < 0 or _first_word(data, starts[line], ends[line], room, pages, cells) > room
    return full >= _WRAPPED_SHARE * pairs


@compiled
def _may_be_dumped(  # noqa: PLR0913, PLR0917 - columns, as above
    data: Bytes,
    starts: Numbers,
    ends: Numbers,
    widths: Bytes,
    follows: Flags,
    items: Flags,
    first: Integer,
    n: Integer,
    pages: Pages,
    cells: Cells,
) -> bool:
    """Whether lines `first` to `n` have a column as `paragraphs._dump_column` finds it, and enough that are full."""
    long = 0
    for line in range(first, n):
        long += follows[line] and not items[line] and widths[line - 1] >= _SHORT_LINE * _NARROWEST_WRAP
    if long < _PROVEN_LONG:  # as in most texts
        return False
    counts = np.zeros(_WIDER + 1, np.int64)
    for line in range(first, n):
        if widths[line] >= _NARROWEST_WRAP and not items[line]:
            counts[widths[line]] += 1
    column = most = 0
    for end in range(_NARROWEST_WRAP, _WIDER):
        reach = counts[end - _LAST_WORD + 1 : end + 1].sum()
        if counts[end] > 0 and reach >= most:
            column, most = end, reach
    if most == 0 or counts[column + _LAST_WORD + 1 :].sum() > int(_STICKING_OUT * counts.sum()):
        return False
    full = 0
    for line in range(first, n):
        if follows[line] and not items[line] and widths[line - 1] >= _SHORT_LINE * column:
            room = column - widths[line - 1]
            full += room < 0 or _first_word(data, starts[line], ends[line], room, pages, cells) > room
    return full >= _PROVEN_LONG


@compiled
def _is_item(data: Bytes, i: int, end: int) -> bool:
    """Whether a line begins an item of a list: a sign or a number, and white space."""
    code: Integer = np.int64(32)
    while i < end and _is_white(code):
        code, i = _code_at(data, i, end)
    digits = 0
    while digits < 4 and i < end and 48 <= code <= 57:
        digits += 1
        code, i = _code_at(data, i, end)
    sign = code in (41, 46) if digits else code in (42, 43, 45, 0x2022, 0x2023, 0x25AA, 0x25E6)
    return bool(sign and i < end and data[i] in (9, 32))


@compiled
def _first_word(  # noqa: PLR0913, PLR0917 - as above
    data: Bytes, i: int, end: int, room: int, pages: Pages, cells: Cells
) -> int:
    """The columns that the first word takes at the end of a line, with a space before it; counts just beyond the room."""
    taken = 0
    while i < end and taken <= room:
        code, i = _code_at(data, i, end)
        if _is_white(code):
            if taken > 0:
                break
        elif taken == 0 and cells[np.int64(pages[code >> 8]) << 8 | code & 255] & 7 == _NO_SPACE:
            return 1 + _wide(code)
        else:
            taken += (taken == 0) + 1 + _wide(code)
    return taken
