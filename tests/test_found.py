"""`dedup.find` for Python: what it gives for nothing, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

import dedup
from dedup.errors import UsageError


def test_nothing_is_found_in_nothing() -> None:
    for documents in ([], [""], ["", "", " \n"], ["***", "***"], [{"text": ""}, {"text": "\u200b"}]):
        report = dedup.find(documents)
        assert (report.pairs, report.clusters, report.leads) == ((), (), ())
        assert report.counts["documents"] == len(documents)
        assert report.weakest() == []
        assert report.rethreshold(0.9).clusters == ()


@pytest.mark.parametrize("setting", [{"threshold": 0}, {"threshold": 1.2}, {"recall": 1}, {"recall": 0}, {"kernel": "other"}])
def test_what_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        dedup.find(["some words"], **setting)
