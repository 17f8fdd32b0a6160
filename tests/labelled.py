"""Labelled data by others, which is not part of the project: at ../shared/data or where $DEDUP_DATA says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("DEDUP_DATA") or Path(__file__).resolve().parent.parent.parent / "shared" / "data")
ALL = os.environ.get("DEDUP_DATA_ALL") == "1"
"""Whether all of it is asked for; else a sample of each set will do."""
NEEDED = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no labelled data at {DATA} (set DEDUP_DATA)"),
]
"""The marks of tests that need it."""
