"""The loops that fold text: to normal forms, by the machine of `dedup.text.normal`, and from them to phrase forms.

Nothing is checked here: `texts` does that. Text is UTF-8 with lone surrogates; bytes that are not read as U+FFFD or as
some other code point, never beyond their stretch. The table comes as `pages` (code point >> 8 → page) and `cells`
(page * 256 + low byte → class, length << 3, order << 8, start << 16), `units` are its replacements.
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
    U64: TypeAlias = np.uint64
    Bytes: TypeAlias = NDArray[np.uint8]
    Pages: TypeAlias = NDArray[np.uint16]
    Cells: TypeAlias = NDArray[np.uint32]
    Numbers: TypeAlias = NDArray[np.int64]
    Flags: TypeAlias = NDArray[np.bool_]

_SEPARATOR, _DROP, _LETTER, _LATIN_GREEK, _DIGIT, _NO_SPACE, _MARK = range(7)  # `normal.CharClass`
_SPACE, _NUMBER_SIGN = 32, 35
_COPYRIGHT, _RECORDING = 0xA9, 0x2117
_UNREADABLE = 0xFFFD

U = np.uint64  # numba turns uint64 with int64 into float64: every constant must be unsigned
_ONES, _SEVENS, _HIGHS, _SPACES = U(0x0101010101010101), U(0x7F7F7F7F7F7F7F7F), U(0x8080808080808080), U(0x2020202020202020)


def _define_load(_context: Any, _address: Any) -> Any:  # noqa: ANN401 - numba's types are untyped
    """Tells numba how to load eight bytes, the first one lowest, from an address that need not be aligned."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - same
        pointer = builder.inttoptr(arguments[0], context.get_value_type(numba.types.uint64).as_pointer())
        return builder.load(pointer, align=1)

    return numba.types.uint64(numba.types.int64), generate


def _define_store(_context: Any, _address: Any, _lane: Any) -> Any:  # noqa: ANN401 - same
    """Tells numba how to store them."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - same
        pointer = builder.inttoptr(arguments[0], context.get_value_type(numba.types.uint64).as_pointer())
        builder.store(arguments[1], pointer, align=1)
        return context.get_dummy_value()

    return numba.types.void(numba.types.int64, numba.types.uint64), generate


_load: Any = intrinsic(_define_load)
_store: Any = intrinsic(_define_store)


@inlined
def _size(lead: Integer) -> int:
    """The bytes of the code point that begins with this byte; 1 if none does."""
    if lead < 0xC0 or lead > 0xF7:
        return 1
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


@inlined
def _code(size: int, a: Integer, b: Integer, c: Integer, d: Integer) -> Integer:
    """The code point of `size` bytes; those behind them do not matter."""
    if size == 2:
        return (a & 0x1F) << 6 | b & 0x3F
    if size == 3:
        return (a & 0x0F) << 12 | (b & 0x3F) << 6 | c & 0x3F
    code = (a & 0x07) << 18 | (b & 0x3F) << 12 | (c & 0x3F) << 6 | d & 0x3F
    if size == 1:
        code = a if a < 0x80 else _UNREADABLE
    return code if code < 0x110000 else _UNREADABLE


@compiled
def _sort_marks(forms: Bytes, start: Integer, end: Integer, pages: Pages, cells: Cells) -> None:
    """Sorts a run of marks by their order, equal ones as they stand: a pass over the run for each order in it."""
    run = forms[start:end].copy()
    at = start
    order: Integer = 0
    while at < end and order < 256:
        wanted, order = order, 256
        i = 0
        while i < len(run):
            size, last = _size(run[i]), len(run) - 1
            code = _code(size, run[i], run[min(i + 1, last)], run[min(i + 2, last)], run[min(i + 3, last)])
            own = np.int64(cells[np.int64(pages[code >> 8]) << 8 | code & 255] >> 8 & 255)
            if own == wanted:
                for k in range(i, i + size):
                    forms[at] = run[k]
                    at += 1
            elif wanted < own < order:
                order = own
            i += size


@inlined
def _of_spaces(lane: U64) -> U64:
    """The high bit of each of eight bytes below 128 that is a space."""
    lane ^= _SPACES
    return ~(lane + _SEVENS) & _HIGHS


@compiled
def room(data: Bytes, starts: Numbers, ends: Numbers) -> Integer:
    """Returns the most bytes that the forms of these stretches take, whatever the bytes are.

    ASCII takes no more than it has, all else up to three for one: U+0CCB becomes three code points of three bytes each. A
    byte of ASCII may be read as part of a code point only where a broken one begins up to three bytes before it.
    """
    source = data.ctypes.data
    most: Integer = 0
    for row in range(len(starts)):
        i, start, end = starts[row], starts[row], ends[row]
        while i < end:
            if i >= start + 3 and i + 8 <= end:
                wide = _load(source + i)
                before = _load(source + i - 1)
                wide |= before & before << U(1)
                before = _load(source + i - 2)
                wide |= before & before << U(1) & before << U(2)
                before = _load(source + i - 3)
                wide |= before & before << U(1) & before << U(2) & before << U(3)
                most += 8 + 2 * np.int64(((wide & _HIGHS) >> U(7)) * _ONES >> U(56))
                i += 8
                continue
            broken = data[max(start, i - 1)] >= 0xC0 or data[max(start, i - 2)] >= 0xE0 or data[max(start, i - 3)] >= 0xF0
            most += 3 if data[i] >= 0x80 or broken else 1
            i += 1
    return most


@compiled
def fold(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one machine: calls with arrays would cost more than its steps
    data: Bytes,
    starts: Numbers,
    ends: Numbers,
    pages: Pages,
    cells: Cells,
    units: Cells,
    ascii_forms: Bytes,
    forms: Bytes,
    offsets: Numbers,
    words: Numbers,
    dense: Numbers,
    signs: Flags,
) -> None:
    """Fills the normal form of each stretch, with what is told of it.

    `ascii_forms` has what each byte below 128 folds to, one byte, and 0 for others. A space is written behind a word when
    its end is met, and taken back at the end of the stretch. Where eight bytes are ASCII with no two separators in a row,
    they are folded at once.
    """
    source, target = data.ctypes.data, forms.ctypes.data
    at: Integer = np.int64(0)  # a literal would have `_sort_marks` compiled once more, for literals
    for row in range(len(starts)):
        i, end, first = starts[row], ends[row], at
        spaces: Integer = 0  # written
        last: Integer = _SPACE  # what was written last; if it was no space, anything else
        after: Integer = _SEPARATOR  # the class of the last unit
        run, tangled = at, False  # the marks that end what is written: where they begin, whether they are out of order
        ordered: Integer = 0  # the order of the last of them
        while i < end:
            if data[i] < 0x80:
                if tangled:
                    _sort_marks(forms, run, at, pages, cells)
                ordered, tangled = 0, False
                if after == _NO_SPACE:
                    forms[at], last = _SPACE, _SPACE
                    at += 1
                    spaces += 1
                while i < end:
                    stop = min(i + 8, end)
                    lane = _load(source + i) if i + 8 == stop else _HIGHS
                    if lane & _HIGHS == U(0):
                        folded_lane = U(0)
                        for k in range(8):
                            folded_lane |= U(ascii_forms[lane >> U(8 * k) & U(0xFF)]) << U(8 * k)
                        found = _of_spaces(folded_lane)
                        if found & (found << U(8) | (U(0x80) if last == _SPACE else U(0))) == U(0):
                            _store(target + at, folded_lane)
                            last = np.int64(folded_lane >> U(56))
                            spaces += np.int64((found >> U(7)) * _ONES >> U(56))
                            at += 8
                            i = stop
                            continue
                    while i < stop:
                        folded = np.int64(ascii_forms[data[i]])
                        if folded == 0:
                            break
                        forms[at] = folded
                        at += (folded != _SPACE) | (last != _SPACE)
                        spaces += (folded == _SPACE) & (last != _SPACE)
                        last = folded
                        i += 1
                    if i < stop:
                        break
                after = np.int64(cells[np.int64(pages[0]) << 8 | last]) & 7
                continue
            size = _size(data[i])
            if size > end - i:
                size = 1
            code = np.int64(_code(size, data[i], data[min(i + 1, end - 1)], data[min(i + 2, end - 1)], data[min(i + 3, end - 1)]))
            i += size
            if code in (_COPYRIGHT, _RECORDING):
                signs[row] = True
            cell = np.int64(cells[np.int64(pages[code >> 8]) << 8 | code & 255])
            unit, units_end = cell >> 16, (cell >> 16) + (cell >> 3 & 31)
            stands_for_itself = unit == units_end
            while unit < units_end or stands_for_itself:
                if not stands_for_itself:
                    code = np.int64(units[unit])
                    cell = np.int64(cells[np.int64(pages[code >> 8]) << 8 | code & 255])
                    unit += 1
                stands_for_itself = False
                kind, order = cell & 7, cell >> 8 & 255
                if kind == _DROP or (kind == _MARK and after == _LATIN_GREEK):
                    continue
                if order == 0:
                    if tangled:
                        _sort_marks(forms, run, at, pages, cells)
                    tangled = False
                elif ordered == 0:
                    run = at
                elif order < ordered:
                    tangled = True
                ordered = order
                if kind == _MARK:
                    if after == _SEPARATOR:
                        after = _LETTER
                else:
                    if last != _SPACE and (kind == _SEPARATOR or _NO_SPACE in (kind, after)):
                        forms[at], last = _SPACE, _SPACE
                        at += 1
                        spaces += 1
                    after = kind
                    if kind == _SEPARATOR:
                        continue
                    dense[row] += kind == _NO_SPACE
                last = 0
                if code < 0x80:
                    forms[at] = code
                    at += 1
                elif code < 0x800:
                    forms[at], forms[at + 1] = 0xC0 | code >> 6, 0x80 | code & 0x3F
                    at += 2
                elif code < 0x10000:
                    forms[at], forms[at + 1], forms[at + 2] = 0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
                    at += 3
                else:
                    forms[at], forms[at + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F
                    forms[at + 2], forms[at + 3] = 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
                    at += 4
        if tangled:
            _sort_marks(forms, run, at, pages, cells)
        if at > first and last == _SPACE:
            at -= 1
            spaces -= 1
        words[row] = spaces + (at > first)
        offsets[row + 1] = at


@compiled
def number(  # noqa: PLR0913, PLR0917 - columns: numba has no records without cost
    forms: Bytes,
    offsets: Numbers,
    pages: Pages,
    cells: Cells,
    digit_leads: Flags,
    phrases: Bytes,
    phrase_offsets: Numbers,
) -> None:
    """Fills the phrase form of each normal form: runs of digits become one number sign.

    `digit_leads` are the bytes that begin a digit. Eight bytes are copied at a time where they are letters and spaces of
    ASCII (in a normal form, only digits have bit 4 and not bit 6).
    """
    source, target = forms.ctypes.data, phrases.ctypes.data
    at = 0
    for row in range(len(offsets) - 1):
        i, end, in_number = offsets[row], offsets[row + 1], False
        while i < end:
            stop = min(i + 8, end)
            lane = _load(source + i) if i + 8 == stop else _HIGHS
            if (lane & _HIGHS) | (lane >> U(4) & ~(lane >> U(6)) & _ONES) == U(0):
                _store(target + at, lane)
                at += 8
                i = stop
                in_number = False
                continue
            while i < stop:
                size, digit = 1, digit_leads[forms[i]]
                if digit and forms[i] >= 0x80:
                    size = min(_size(forms[i]), end - i)
                    code = _code(
                        size, forms[i], forms[min(i + 1, end - 1)], forms[min(i + 2, end - 1)], forms[min(i + 3, end - 1)]
                    )
                    digit = cells[np.int64(pages[code >> 8]) << 8 | code & 255] & 7 == _DIGIT
                if digit:
                    if not in_number:
                        phrases[at] = _NUMBER_SIGN
                        at += 1
                else:
                    for k in range(i, i + size):
                        phrases[at] = forms[k]
                        at += 1
                in_number = digit
                i += size
        phrase_offsets[row + 1] = at
