"""Finds near-duplicates and boilerplate in piles of news and web text, and takes them out."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as `typing` has it, whose import takes ten times as long as all else before signals are listened to
if TYPE_CHECKING:
    from typing import Any

    from dedup.api.cleaned import Cleaned, clean
    from dedup.api.found import Cluster, Dropped, Pair, Report, find, learn
    from dedup.errors import DedupError
    from dedup.model import Document

__version__ = "0.1.0"
__all__ = [
    "Cleaned",
    "Cluster",
    "DedupError",
    "Document",
    "Dropped",
    "Pair",
    "Report",
    "__version__",
    "clean",
    "find",
    "learn",
]

_HOMES = {
    **dict.fromkeys(("Cleaned", "clean"), "api.cleaned"),
    **dict.fromkeys(("Cluster", "Dropped", "Pair", "Report", "find", "learn"), "api.found"),
    "DedupError": "errors",
    "Document": "model",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (the module's functions)
    """Import the Python API when it is first used: the command line does without."""
    if name in _HOMES:
        return getattr(import_module(f"dedup.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'dedup' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The names of the Python API, too, for who asks a notebook to complete them."""
    return sorted({*globals(), *__all__})
