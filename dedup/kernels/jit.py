"""How the fast kernel's functions are compiled: by numba, without the GIL, kept for the next process.

Numba notices a changed file, not a changed file that this one calls: so a compiled function calls none of another file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

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
