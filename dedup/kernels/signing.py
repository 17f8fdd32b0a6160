"""The fast kernel's loops from text to signatures: flat arrays in, flat arrays filled.

Nothing is checked here: `fast` does that. Text is read by address, eight bytes at a time, because numba counts
references whenever an array is handed to an inlined function, and that costs more than hashing a short word.

Sources: xxHash specification (Yann Collet), MurmurHash3's finalizers, datasketch's `MinHash` (scheme "affine32").
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
    Hashes: TypeAlias = NDArray[np.uint64]
    Rows: TypeAlias = NDArray[np.uint32]
    Numbers: TypeAlias = NDArray[np.int64]

U = np.uint64  # numba turns uint64 with int64 into float64: every constant must be unsigned

_P1, _P2, _P3 = U(0x9E3779B185EBCA87), U(0xC2B2AE3D27D4EB4F), U(0x165667B19E3779F9)
_P4, _P5 = U(0x85EBCA77C2B2AE63), U(0x27D4EB2F165667C5)
_MULTIPLIER = U(0x9E3779B97F4A7C15)
_ONES, _HIGHS, _SPACES = U(0x0101010101010101), U(0x8080808080808080), U(0x2020202020202020)
_EMPTY = np.uint32(0xFFFFFFFF)
_STRIDE = 4  # shingles taken in one pass over a signature: fewer loads and stores of its rows
_BLOCK = 1024  # words hashed before they are signed: they stay in the nearest cache


def _define_load(_context: Any, _address: Any, kind: Any) -> Any:  # noqa: ANN401 - numba's types are untyped
    """Tells numba how to load an unsigned integer, low byte first, from an address that need not be aligned."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - same
        pointer = builder.inttoptr(arguments[0], context.get_value_type(kind.dtype).as_pointer())
        return builder.load(pointer, align=1)

    return kind.dtype(numba.types.int64, kind), generate


_load: Any = intrinsic(_define_load)


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
def _short_word(start: Integer, end: Integer) -> U64:
    """xxh64 of fewer than 32 bytes, after which at least 8 more can be read: no branch on the last seven bytes."""
    value = _P5 + U(end - start)
    while start + 8 <= end:
        value = _take8(value, _load(start, np.uint64))
        start += 8
    lane, left = _load(start, np.uint64), end - start
    taken = _take4(value, lane)
    value = taken if left >= 4 else value
    lane = lane >> U(32) if left >= 4 else lane
    left &= 3
    taken = _take1(value, lane)
    value = taken if left > 0 else value
    taken = _take1(value, lane >> U(8))
    value = taken if left > 1 else value
    taken = _take1(value, lane >> U(16))
    value = taken if left > 2 else value
    return _avalanche(value)


@inlined
def _word_end(start: Integer, end: Integer, limit: int) -> Integer:
    """Finds the first space from `start` on, else `end`; reads eight bytes at a time, never past `limit`."""
    while start + 8 <= limit and start < end:
        lane = _load(start, np.uint64) ^ _SPACES
        zeros = (lane - _ONES) & ~lane & _HIGHS  # the lowest bit set is the high bit of the first zero byte
        if zeros != U(0):
            before = ((zeros ^ (zeros - U(1))) >> U(8)) & _ONES  # one bit for each byte before it
            return min(end, start + np.int64((before * _ONES) >> U(56)))
        start += 8
    while start < end and _load(start, np.uint8) != np.uint8(32):
        start += 1
    return min(start, end)


@compiled
def hash_words(  # noqa: PLR0913, PLR0917 - columns and places in them: numba has no records without cost
    start: Integer, end: Integer, limit: int, out: Hashes, at: int, stop: int
) -> tuple[int, Integer]:
    """Hashes words into `out[at:stop]`; returns the next free place and the address where it left off."""
    while start < end and at < stop:
        first = start
        start = _word_end(first, end, limit)
        if start > first:
            if start - first < 32 and start + 8 <= limit:
                out[at] = _short_word(first, start)
            else:
                out[at] = xxh64(first, start, U(0))
            at += 1
        start += 1
    return at, start


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
def _mix32(shingle: U64) -> np.uint32:
    """The upper half of a shingle hash through datasketch's pre-mix (fmix32)."""
    value = np.uint32(shingle >> U(32))
    value = np.uint32((value ^ value >> np.uint32(16)) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ value >> np.uint32(13)) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ value >> np.uint32(16))


@compiled
def count_spaces(data: Bytes) -> int:
    """Counts the spaces of a text."""
    spaces = 0
    for byte in data:
        spaces += byte == 32
    return spaces


@compiled
def word_hashes(data: Bytes, offsets: Numbers, out: Hashes, word_offsets: Numbers) -> int:
    """Fills `out` with the hashes of all words, and their offsets; returns how many there are."""
    base = data.ctypes.data
    at = 0
    for p in range(len(offsets) - 1):
        at, _ = hash_words(base + offsets[p], base + offsets[p + 1], base + len(data), out, at, len(out))
        word_offsets[p + 1] = at
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
def _sign(hashes: Rows, n: int, a: Rows, b: Rows, row: Rows) -> None:
    """Lowers a signature by `n` hashes; there must be room for `_STRIDE - 1` more behind them."""
    if n == 0:
        return
    padded = n + (-n) % _STRIDE
    for i in range(n, padded):
        hashes[i] = hashes[n - 1]  # a hash taken twice changes nothing
    for i in range(0, padded, _STRIDE):
        h0, h1, h2, h3 = hashes[i], hashes[i + 1], hashes[i + 2], hashes[i + 3]
        for j in range(len(row)):  # the permutations innermost: this loop becomes vector instructions
            v0, v1 = np.uint32(a[j] * h0 + b[j]), np.uint32(a[j] * h1 + b[j])
            v2, v3 = np.uint32(a[j] * h2 + b[j]), np.uint32(a[j] * h3 + b[j])
            row[j] = min(row[j], v0, v1, v2, v3)


@compiled
def signatures(shingles: Hashes, offsets: Numbers, a: Rows, b: Rows, out: Rows) -> None:
    """Fills the signatures of sets of shingles."""
    hashes = np.empty(_BLOCK + _STRIDE, np.uint32)
    for p in range(len(offsets) - 1):
        out[p, :] = _EMPTY
        for first in range(offsets[p], offsets[p + 1], _BLOCK):
            n = min(_BLOCK, offsets[p + 1] - first)
            for i in range(n):
                hashes[i] = _mix32(shingles[first + i])
            _sign(hashes, n, a, b, out[p])


@compiled
def text_signatures(  # noqa: PLR0913, PLR0917 - columns, as above
    data: Bytes, offsets: Numbers, k: int, a: Rows, b: Rows, out: Rows
) -> None:
    """Fills the signatures of paragraphs of text, a block of words at a time.

    `words[:k]` are the words before the block (0 before the first), so that the window can drop them.
    """
    base = data.ctypes.data
    words = np.empty(k + _BLOCK, np.uint64)
    hashes = np.empty(_BLOCK + _STRIDE, np.uint32)
    power = _power(k)
    for p in range(len(offsets) - 1):
        out[p, :] = _EMPTY
        start, end = base + offsets[p], base + offsets[p + 1]
        if end - start < 2 * k - 1:  # k words and the spaces between them need as many bytes
            continue
        words[:k] = 0
        window, seen = U(0), 0
        while start < end:
            filled, start = hash_words(start, end, base + len(data), words, k, k + _BLOCK)
            n = 0
            for i in range(k, filled):
                window = window * _MULTIPLIER + words[i] - words[i - k] * power
                hashes[n] = _mix32(_mix64(window))
                seen += 1
                n += seen >= k
            _sign(hashes, n, a, b, out[p])
            for i in range(k):
                words[i] = words[filled - k + i]


@compiled
def band_keys(signatures: Rows, rows: int, band: int, out: Hashes) -> None:
    """Fills the key of one band of each signature."""
    size = 4 * signatures.shape[1]
    first = signatures.ctypes.data + 4 * rows * band
    for p in range(len(signatures)):
        out[p] = xxh64(first + p * size, first + p * size + 4 * rows, U(band))
