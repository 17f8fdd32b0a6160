from __future__ import annotations

import pytest

from dedup.api.given import Given
from dedup.engines import counting
from dedup.engines.describing import Describer
from dedup.settings import CleanSettings

PAGES = [
    {
        "id": f"{site}/{page}",
        "site": site,
        "text": f"Home Harbour News\nOn day {page} the ferry of {site} ran late.\n"
        + f"Passenger {page} said so. " * 400
        + f"\n© {site}",
    }
    for site in ("aldis.example", "marlow.example")
    for page in range(60)
]


@pytest.mark.parametrize("workers", [2, 3])
def test_what_is_learned_does_not_depend_on_the_number_of_workers(workers: int) -> None:
    alone = counting.learn(Given(PAGES), CleanSettings())
    assert counting.learn(Given(PAGES), CleanSettings(), workers=workers) == alone
    profiles, count = alone
    assert count == len(PAGES)
    assert [len(profiles[site].lines) for site in ("aldis.example", "marlow.example")] == [4, 4]  # they differ by numbers


def test_of_no_documents_nothing_is_learned() -> None:
    assert counting.learn(Given([]), CleanSettings(), workers=2) == ({}, 0)
    assert list(counting.Counting(Describer(), CleanSettings())([]).keys) == []
