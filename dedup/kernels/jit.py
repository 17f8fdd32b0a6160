"""How the fast kernel's functions are compiled: by numba, without the GIL, kept for the next process.

Numba notices a changed file, not a changed file that this one calls: so a compiled function calls none of another file.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

from dedup import stopping

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

if stopping.listens() and "scipy.linalg" not in sys.modules:
    # Numba loads it to see whether it has a BLAS, which takes a quarter of the time until a loop runs. No loop of ours wants one;
    # where others' code runs beside ours, theirs may.
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]  # as Python marks what is not to be imported
    try:
        import numba.np.arraymath
    finally:
        del sys.modules["scipy.linalg"]

_functions: list[Any] = []  # those that are kept for the next process


def compiled(function: F) -> F:
    """Compiles at the first call; cached where numba can write, beside the file or in the user's cache folder."""
    try:
        made = numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # numba finds no folder that it can write to: compile anew in each process
        return cast("F", numba.njit(nogil=True, error_model="numpy")(function))
    _functions.append(made)
    return cast("F", made)


def is_compiled() -> bool:
    """Whether an earlier process has compiled functions as they are now, so that nobody has to wait."""
    # numba does not tell; the index of a file that has changed since is empty
    return any(function._cache._cache_file._load_index() for function in _functions)  # noqa: SLF001


def inlined(function: F) -> F:
    """Compiles into its callers. Takes numbers only: numba counts references to each array that is handed over."""
    return cast("F", numba.njit(error_model="numpy", forceinline=True)(function))
