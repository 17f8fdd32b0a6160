"""The words that settings, options and inputs take where there is a choice."""

from __future__ import annotations

from typing import Literal, get_args

Mode = Literal["auto", "line", "blank"]
"""How a text is split into paragraphs."""
MODES: tuple[Mode, ...] = get_args(Mode)

KeepDoc = Literal["first", "longest", "earliest", "latest"]
"""Which document of a cluster is kept."""
KEEP_DOC: tuple[KeepDoc, ...] = get_args(KeepDoc)

KernelName = Literal["auto", "fast", "reference"]
"""Which kernel makes the signatures."""
KERNELS: tuple[KernelName, ...] = get_args(KernelName)

Format = Literal["text", "jsonl", "csv", "tsv", "parquet"]
"""How an input's bytes are laid out."""
FORMATS: tuple[Format, ...] = get_args(Format)
AnyFormat = Literal["auto", Format]
"""The same, or told by the input."""

Compression = Literal["", "gz", "bz2", "xz", "zst"]
"""How they are compressed, by the ending that names it; "": they are not."""
