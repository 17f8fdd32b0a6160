"""The fast kernel's loops from text to signatures: flat arrays in, flat arrays filled.

Nothing is checked here: `fast` does that. Text is read by address, eight bytes at a time, because numba counts
references whenever an array is handed to an inlined function, and that costs more than hashing a short word.

Sources: xxHash specification (Yann Collet), MurmurHash3's finalizers, datasketch's `MinHash` (scheme "affine32").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from llvmlite import ir as llvm  # what numba itself builds its code with
from numba.extending import intrinsic

from dedup.kernels.jit import compiled, inlined

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Integer: TypeAlias = int | np.int64
    U64: TypeAlias = np.uint64
    Bytes: TypeAlias = NDArray[np.uint8]
    Hashes: TypeAlias = NDArray[np.uint64]
    Scratch: TypeAlias = NDArray[np.uint64]
    Rows: TypeAlias = NDArray[np.uint32]
    Numbers: TypeAlias = NDArray[np.int64]

ir: Any = llvm  # its functions are untyped

U = np.uint64  # numba turns uint64 with int64 into float64: every constant must be unsigned

_P1, _P2, _P3 = U(0x9E3779B185EBCA87), U(0xC2B2AE3D27D4EB4F), U(0x165667B19E3779F9)
_P4, _P5 = U(0x85EBCA77C2B2AE63), U(0x27D4EB2F165667C5)
_MULTIPLIER = U(0x9E3779B97F4A7C15)
_EMPTY = np.uint32(0xFFFFFFFF)
_LANES = 64  # bytes among which spaces are looked for at once
_SHORT = 16  # bytes below which words are hashed many at a time
_STRIDE = 4  # shingles taken in one pass over a signature: fewer loads and stores of its rows
_BLOCK = 1024  # words hashed before they are signed: they stay in the nearest cache
MOST = _BLOCK + _LANES // 2  # words at a time: those that end among the last bytes looked at come on top


def _define_load(_context: Any, _address: Any, kind: Any) -> Any:  # noqa: ANN401 - numba's types are untyped
    """Tells numba how to load an unsigned integer, low byte first, from an address that need not be aligned."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - same
        pointer = builder.inttoptr(arguments[0], context.get_value_type(kind.dtype).as_pointer())
        return builder.load(pointer, align=1)

    return kind.dtype(numba.types.int64, kind), generate


def _define_spaces(_context: Any, _address: Any) -> Any:  # noqa: ANN401 - same
    """Tells numba how to find the spaces among the 64 bytes from an address on: bit `i` is set where byte `i` is one."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - same
        lanes = ir.VectorType(ir.IntType(8), _LANES)
        loaded = builder.load(builder.inttoptr(arguments[0], lanes.as_pointer()), align=1)
        return builder.bitcast(builder.icmp_unsigned("==", loaded, ir.Constant(lanes, [32] * _LANES)), ir.IntType(64))

    return numba.types.uint64(numba.types.int64), generate


def _define_lowest(_context: Any, _bits: Any) -> Any:  # noqa: ANN401 - same
    """Tells numba how to find the lowest bit that is set; 64 if none is."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - same
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return numba.types.int64(numba.types.uint64), generate


_load: Any = intrinsic(_define_load)
_spaces: Any = intrinsic(_define_spaces)
_lowest: Any = intrinsic(_define_lowest)


@inlined
def _rotate(value: U64, bits: int) -> U64:
    return (value << U(bits)) | (value >> U(64 - bits))


@inlined
def _round(accumulator: U64, lane: U64) -> U64:
    return _rotate(accumulator + lane * _P2, 31) * _P1


@inlined
def _take8(value: U64, lane: U64) -> U64:
    return _rotate(value ^ _round(U(0), lane), 27) * _P1 + _P4


@inlined
def _take4(value: U64, lane: U64) -> U64:
    return _rotate(value ^ (lane & U(0xFFFFFFFF)) * _P1, 23) * _P2 + _P3


@inlined
def _take1(value: U64, lane: U64) -> U64:
    return _rotate(value ^ (lane & U(0xFF)) * _P5, 11) * _P1


@inlined
def _avalanche(value: U64) -> U64:
    value = (value ^ value >> U(33)) * _P2
    value = (value ^ value >> U(29)) * _P3
    return value ^ value >> U(32)


@compiled
def xxh64(start: Integer, end: Integer, seed: U64) -> U64:
    """Hashes the bytes from address `start` up to `end`."""
    size = U(end - start)
    if end - start >= 32:
        a, b, c, d = seed + _P1 + _P2, seed + _P2, seed, seed - _P1
        while start + 32 <= end:
            a = _round(a, _load(start, np.uint64))
            b = _round(b, _load(start + 8, np.uint64))
            c = _round(c, _load(start + 16, np.uint64))
            d = _round(d, _load(start + 24, np.uint64))
            start += 32
        value = _rotate(a, 1) + _rotate(b, 7) + _rotate(c, 12) + _rotate(d, 18)
        value = (value ^ _round(U(0), a)) * _P1 + _P4
        value = (value ^ _round(U(0), b)) * _P1 + _P4
        value = (value ^ _round(U(0), c)) * _P1 + _P4
        value = (value ^ _round(U(0), d)) * _P1 + _P4
    else:
        value = seed + _P5
    value += size
    while start + 8 <= end:
        value = _take8(value, _load(start, np.uint64))
        start += 8
    if start + 4 <= end:
        value = _take4(value, U(_load(start, np.uint32)))
        start += 4
    while start < end:
        value = _take1(value, U(_load(start, np.uint8)))
        start += 1
    return _avalanche(value)


@inlined
def _spaces_of(start: Integer, end: Integer, limit: Integer) -> U64:
    """The spaces among the 64 bytes from `start` on, but none from `end` on; never reads past `limit`."""
    size = end - start
    if start + _LANES <= limit:
        found: U64 = _spaces(start)
        return found if size >= _LANES else found & ((U(1) << U(size)) - U(1))
    found = U(0)
    for i in range(size):
        found |= U(_load(start + i, np.uint8) == np.uint8(32)) << U(i)
    return found


@compiled
def _place_words(  # noqa: PLR0913, PLR0917 - columns and places in them: numba has no records without cost
    data: Bytes, starts: Numbers, ends: Numbers, p: int, start: int, scratch: Scratch, counts: Numbers
) -> tuple[int, int, int, int]:
    """Lays out the bytes of a block of words for `_hash_short`, and hashes those that are not for it.

    The words are those of paragraph `p` (bytes `starts[p]:ends[p]`) from byte `start` on, 0 for its first, and of the following
    paragraphs; `counts[i]` becomes the number of words up to the end of paragraph `p + i`.

    Returns:
        How many words, how many of them are hashed, the paragraph that comes next, and the byte where it left off.
    """
    lanes, tails, sizes, others, hashes = scratch[0], scratch[1], scratch[2], scratch[3], scratch[4]
    base = data.ctypes.data
    limit, paragraph = base + len(data), p
    words, hashed = 0, 0
    while paragraph < len(starts) and words < _BLOCK and paragraph - p < MOST:
        at, end = base + max(start, starts[paragraph]), base + ends[paragraph]
        first = at
        while at < end and words < _BLOCK:
            spaces = _spaces_of(at, end, limit)
            at += _LANES
            while spaces != U(0) or (at >= end > first):
                space = at - _LANES + _lowest(spaces) if spaces != U(0) else end
                spaces &= spaces - U(1)
                if space > first:
                    if space - first < _SHORT and first + _SHORT <= limit:
                        lanes[words], tails[words] = _load(first, np.uint64), _load(first + 8, np.uint64)
                        sizes[words] = U(space - first)
                    else:
                        others[hashed], hashes[hashed] = U(words), xxh64(first, space, U(0))
                        hashed += 1
                    words += 1
                first = space + 1
        start = min(first, end) - base
        if at >= end:
            counts[paragraph - p] = words
            paragraph += 1
            start = 0
    return words, hashed, paragraph, start


@compiled
def _hash_short(scratch: Scratch, words: int, out: Hashes) -> None:
    """xxh64 of words below 16 bytes: no branch, so that this becomes vector instructions."""
    lanes, tails, sizes = scratch[0], scratch[1], scratch[2]
    for i in range(words):
        lane, size = lanes[i], sizes[i]
        value = _P5 + size
        taken = _take8(value, lane)
        value = taken if size >= U(8) else value
        lane = tails[i] if size >= U(8) else lane
        taken = _take4(value, lane)
        value = taken if size & U(4) != U(0) else value
        lane = lane >> U(32) if size & U(4) != U(0) else lane
        left = size & U(3)
        taken = _take1(value, lane)
        value = taken if left > U(0) else value
        taken = _take1(value, lane >> U(8))
        value = taken if left > U(1) else value
        taken = _take1(value, lane >> U(16))
        value = taken if left > U(2) else value
        out[i] = _avalanche(value)


@compiled
def _hash_words(  # noqa: PLR0913, PLR0917 - columns, as above
    data: Bytes, starts: Numbers, ends: Numbers, p: int, start: int, scratch: Scratch, out: Hashes, counts: Numbers
) -> tuple[int, int, int]:
    """Hashes a block of words into `out`; see `_place_words`, whose layout stays here."""
    words, hashed, paragraph, start = _place_words(data, starts, ends, p, start, scratch, counts)
    _hash_short(scratch, words, out)
    for i in range(hashed):
        out[np.int64(scratch[3, i])] = scratch[4, i]
    return words, paragraph, start


@inlined
def _mix64(value: U64) -> U64:
    value = (value ^ value >> U(33)) * U(0xFF51AFD7ED558CCD)
    value = (value ^ value >> U(33)) * U(0xC4CEB9FE1A85EC53)
    return value ^ value >> U(33)


@inlined
def _power(k: int) -> U64:
    power = U(1)
    for _ in range(k):
        power *= _MULTIPLIER
    return power


@inlined
def _mix32(value: np.uint32) -> np.uint32:
    """The upper half of a shingle hash through datasketch's pre-mix (fmix32)."""
    value = np.uint32((value ^ value >> np.uint32(16)) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ value >> np.uint32(13)) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ value >> np.uint32(16))


@compiled
def count_spaces(data: Bytes, starts: Numbers, ends: Numbers) -> int:
    """Counts the spaces of some paragraphs."""
    spaces = 0
    for p in range(len(starts)):
        for byte in data[starts[p] : ends[p]]:
            spaces += byte == 32
    return spaces


@compiled
def word_hashes(data: Bytes, starts: Numbers, ends: Numbers, out: Hashes, word_offsets: Numbers) -> int:
    """Fills `out` with the hashes of all words of some paragraphs, and their offsets; returns how many there are."""
    scratch, counts = np.empty((5, MOST), np.uint64), np.empty(MOST, np.int64)
    p, start, at = 0, 0, 0
    while p < len(starts):
        words, following, start = _hash_words(data, starts, ends, p, start, scratch, out[at:], counts)
        for i in range(following - p):
            word_offsets[p + i + 1] = at + counts[i]
        at += words
        p = following
    return at


@compiled
def shingles(words: Hashes, word_offsets: Numbers, k: int, out: Hashes, offsets: Numbers) -> None:
    """Fills `out` with the shingle hashes of each paragraph, in text order, and their offsets."""
    power = _power(k)
    at = 0
    for p in range(len(word_offsets) - 1):
        start, window = word_offsets[p], U(0)
        for i in range(start, word_offsets[p + 1]):
            window = window * _MULTIPLIER + words[i]
            if i - start >= k:
                window -= words[i - k] * power
            if i - start >= k - 1:
                out[at] = _mix64(window)
                at += 1
        offsets[p + 1] = at


@compiled
def _sign(  # noqa: PLR0913, PLR0917 - columns, as above
    hashes: Rows, first: int, end: int, a: Rows, b: Rows, row: Rows
) -> None:
    """Lowers a signature by the hashes `first:end`."""
    last = end - 1
    for i in range(first, end, _STRIDE):  # the last hash is taken again where fewer are left, which changes nothing
        h0, h1, h2, h3 = hashes[i], hashes[min(i + 1, last)], hashes[min(i + 2, last)], hashes[min(i + 3, last)]
        for j in range(len(row)):  # the permutations innermost: this loop becomes vector instructions
            v0, v1 = np.uint32(a[j] * h0 + b[j]), np.uint32(a[j] * h1 + b[j])
            v2, v3 = np.uint32(a[j] * h2 + b[j]), np.uint32(a[j] * h3 + b[j])
            row[j] = min(row[j], v0, v1, v2, v3)


@compiled
def signatures(shingles: Hashes, offsets: Numbers, a: Rows, b: Rows, out: Rows) -> None:
    """Fills the signatures of sets of shingles."""
    hashes = np.empty(_BLOCK, np.uint32)
    for p in range(len(offsets) - 1):
        out[p, :] = _EMPTY
        for first in range(offsets[p], offsets[p + 1], _BLOCK):
            n = min(_BLOCK, offsets[p + 1] - first)
            for i in range(n):
                hashes[i] = _mix32(np.uint32(shingles[first + i] >> U(32)))
            _sign(hashes, 0, n, a, b, out[p])


@compiled
def _mix(windows: Hashes, n: int, hashes: Rows) -> None:
    for i in range(n):
        hashes[i] = np.uint32(_mix64(windows[i]) >> U(32))
    for i in range(n):  # by itself: loops over numbers of one width become vector instructions
        hashes[i] = _mix32(hashes[i])


@compiled
def text_signatures(  # noqa: PLR0913, PLR0917 - columns, as above
    data: Bytes, offsets: Numbers, k: int, a: Rows, b: Rows, out: Rows
) -> None:
    """Fills the signatures of paragraphs of text, a block of words at a time.

    `words[:k]` are the words before the block, so that the window can drop them.
    """
    scratch, counts = np.empty((5, MOST), np.uint64), np.empty(MOST, np.int64)
    starts, ends = offsets[:-1], offsets[1:]
    words, windows = np.zeros(k + MOST, np.uint64), np.empty(MOST, np.uint64)
    hashes, bounds = np.empty(MOST, np.uint32), np.zeros(MOST + 2, np.int64)
    power = _power(k)
    out[:] = _EMPTY
    p, start, window, seen = 0, 0, U(0), 0
    while p < len(out):
        found, following, start = _hash_words(data, starts, ends, p, start, scratch, words[k:], counts)
        first, shingles = 0, 0
        rows = min(following + 1, len(out)) - p  # the last paragraph may go on in the next block
        for row in range(rows):
            end = counts[row] if p + row < following else found
            for i in range(first, end):
                window = window * _MULTIPLIER + words[k + i] - (words[i] * power if seen >= k else U(0))
                windows[shingles] = window
                seen += 1
                shingles += seen >= k
            bounds[row + 1] = shingles
            first = end
            if p + row < following:
                window, seen = U(0), 0
        _mix(windows, shingles, hashes)
        for row in range(rows):
            if bounds[row] < bounds[row + 1]:
                _sign(hashes, bounds[row], bounds[row + 1], a, b, out[p + row])
        for i in range(k):
            words[i] = words[found + i]
        p = following


@compiled
def band_keys(signatures: Rows, rows: int, band: int, out: Hashes) -> None:
    """Fills the key of one band of each signature."""
    size = 4 * signatures.shape[1]
    first = signatures.ctypes.data + 4 * rows * band
    for p in range(len(signatures)):
        out[p] = xxh64(first + p * size, first + p * size + 4 * rows, U(band))
