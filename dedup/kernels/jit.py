"""How the fast kernel's functions are compiled: by numba, without the GIL, kept for the next process.

Numba notices a changed file, not a changed file that this one calls: so a compiled function calls none of another file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


def compiled(function: F) -> F:
    """Compiles at the first call; cached where numba can write, beside the file or in the user's cache folder."""
    try:
        return cast("F", numba.njit(nogil=True, error_model="numpy", cache=True)(function))
    except RuntimeError:  # numba finds no folder that it can write to: compile anew in each process
        return cast("F", numba.njit(nogil=True, error_model="numpy")(function))


def inlined(function: F) -> F:
    """Compiles into its callers. Takes numbers only: numba counts references to each array that is handed over."""
    return cast("F", numba.njit(error_model="numpy", forceinline=True)(function))
