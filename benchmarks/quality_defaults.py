"""The tables that chose the defaults: one setting at a time is given other values, on the tune half of the labelled pages.

Runs the stages in this process, with one describing of the pages for all values; the figures are those of `quality.py`.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from quality_sets import ARTICLES, ROOT, Case, Unmeasured, is_tuned, scorers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from quality_sets import Page

LEARNED = Case("pages_dragnet", "pages", sites_of=5)
ARTICLE_PAGES = Case("pages_wcxb_dev", "pages", parts=(ARTICLES,))
NEWS = Case("pages_scrapinghub", "pages")

VALUES: tuple[tuple[Case, str, str, tuple[float, ...]], ...] = (
    (LEARNED, "sections", "before", (0.3, 0.5, 0.7)),
    (LEARNED, "sections", "before_stamped", (0.02, 0.05, 0.1, 0.2, 0.5)),
    (LEARNED, "learning", "floor", (2, 3, 4, 6)),
    (LEARNED, "learning", "growth", (0.5, 1.0, 2.0)),
    (LEARNED, "learning", "share_sentence", (0.05, 0.1, 0.25)),
    (LEARNED, "learning", "share_long", (0.1, 0.25, 0.5)),
    (LEARNED, "repeats", "near", (0.7, 0.8, 0.9)),
    (NEWS, "learning", "any_share", (0.005, 0.01, 0.05)),
    (NEWS, "main", "words", (30, 60, 120)),
    (NEWS, "main", "share", (0.05, 0.1, 0.2, 0.35)),
    (NEWS, "main", "share_after", (0.3, 0.5, 0.75, 1.0)),
    (ARTICLE_PAGES, "main", "share", (0.05, 0.1, 0.2, 0.35)),
    (ARTICLE_PAGES, "main", "share_after", (0.3, 0.5, 0.75, 1.0)),
)
"""Set, part of the settings, setting, and the values that are tried."""


class Row(NamedTuple):
    """What one value of a setting gives."""

    value: float
    chosen: bool
    precision: float
    recall: float
    lost: float
    f1: float
    comments: float


def variants(part: str, name: str, values: tuple[float, ...]) -> Iterator[tuple[float, bool, Any]]:
    """Settings of `clean` with each value, and whether it is the default."""
    from dedup.settings import CleanSettings, MainSettings  # noqa: PLC0415 (of this checkout, found when `main` ran)

    settings = CleanSettings(main=MainSettings() if part == "main" else None)
    default = getattr(getattr(settings, part), name)
    for value in values:
        yield value, value == default, replace(settings, **{part: replace(getattr(settings, part), **{name: value})})


def judged(pages: list[Page], settings: Any, wanted: Callable[[Page], bool]) -> dict[str, list[tuple[int, int]]]:  # noqa: ANN401 (see `variants`)
    """The spans that are cut from the pages that are wanted; all of them are learned from."""
    from dedup.boilerplate.learning import Learner  # noqa: PLC0415
    from dedup.engines import describing  # noqa: PLC0415 (the same)
    from dedup.engines.verdict import Judge  # noqa: PLC0415
    from dedup.model import Document  # noqa: PLC0415

    learner = Learner(settings.learning)
    documents = [Document(page["id"], page["text"], page["site"] or None) for page in pages]
    learner.add(documents, describing.occurrences_of(describing.describe([page["text"] for page in pages], settings)))
    judge = Judge(settings, learner.profiles())
    tuned = [document for document, page in zip(documents, pages, strict=True) if wanted(page)]
    return {
        document.id: [(cut.start, cut.end) for cut in verdict.cuts]
        for document, verdict in zip(tuned, judge.judge(tuned), strict=True)
    }


def rows(case: Case, part: str, name: str, values: tuple[float, ...]) -> Iterator[Row]:
    """What each value gives on the tune half of a set, or of its first named part."""
    score_pages, _ = scorers()
    pages = [page for page in case.pages() if page.get("labels")]

    def wanted(page: Page) -> bool:
        return is_tuned(page) and all(each.wanted(page) for each in case.parts)

    for value, chosen, settings in variants(part, name, values):
        t = score_pages.score([page for page in pages if wanted(page)], judged(pages, settings, wanted))
        right, lost = t["removed_boilerplate"], t["content_lost"] / max(1, t["content"])
        kept = t["content"] - t["content_lost"]
        pure = kept / max(1, kept + t["boilerplate"] - right)
        f1 = 2 * pure * (1 - lost) / max(1e-9, pure + 1 - lost)
        comments = t["comments_removed"] / max(1, t["comments"])
        yield Row(value, chosen, right / max(1, t["removed"]), right / max(1, t["boilerplate"]), lost, f1, comments)


def main() -> int:
    """Print the tables; the default of each setting is marked."""
    sys.path.insert(0, str(ROOT))
    for case, part, name, values in VALUES:
        whole = f"{case.title} {case.parts[0].name if case.parts else ''}".strip()
        print(f"\n{part}.{name} ({whole}, tune half{', --main' if part == 'main' else ''})")
        print(f"  {'value':>8} {'precision':>10} {'recall':>8} {'lost':>8} {'f1':>8} {'comments':>9}")
        try:
            for row in rows(case, part, name, values):
                cells = [
                    f"{row.precision:>10.3f}",
                    f"{row.recall:>8.3f}",
                    f"{row.lost:>8.4f}",
                    f"{row.f1:>8.3f}",
                    f"{row.comments:>9.3f}",
                ]
                print("*" if row.chosen else " ", f"{row.value:>8}", *cells, flush=True)
        except Unmeasured as why:
            print(f"  passed over: {why}")
    return 0
