"""Finds near-duplicates and boilerplate in piles of news and web text, and takes them out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.face import Cleaned, clean

__version__ = "0.1.0"
__all__ = ["Cleaned", "__version__", "clean"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (the module's functions)
    """Import the Python face when it is first used: the command line does without."""
    if name in __all__:
        return getattr(import_module("dedup.face"), name)
    raise AttributeError(f"module 'dedup' has no attribute {name!r}")
