"""A harbour town's paper, of which tests of verdicts tell: an article, its furniture, and what was learned of its site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.boilerplate.profile import ANY_SITE, Known, Profile
from dedup.engines.verdict import Verdict, judge
from dedup.model import Document, Span
from dedup.reporting.cuts import apply_cuts
from dedup.settings import CleanSettings
from dedup.text.normal import text_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAD = "The ferry will run again from the first week of spring, the harbour board decided on Tuesday after two long years."
LICENCE = "This text is free to use under the terms of the Harbour Commons."
BODY = [
    LEAD,
    "A yard in the north of the country has replaced the plates that rust had eaten, and has fitted a quieter engine.",
    "Shopkeepers on the island welcomed the news, and some of them had already begun to look for work on the mainland.",
    "Critics in the council doubt that the sum set aside for repairs will last longer than three winters in a row.",
]
FURNITURE = {
    "heading.related": "Related Contents",
    "heading.comments": "Comments",
    "legal": "© 2019 Harbour Media Ltd. All rights reserved.",
    "share": "Share this article",
    "subscribe": "Subscribe to our newsletter",
}
OWN = {"byline": "By Anna Whitfield", "page.date": "Published: Monday, 3 May 2021", "byline.agency": "Source: Ministry of Health"}
TITLES = ["Harbour wall to be raised before winter", "Old bakery burns down in Aldis", "Pupils plant four hundred trees"]
TEASER = "Engineers say that the wall which has guarded the town for a century must grow by a metre before the storms come."
SITE_LINES = ["Harbour Gazette", "All stories of the harbour", "Tides and weather", "Read 12 times"]


def learned() -> dict[str, Profile]:
    """What forty pages of the site, among four hundred of all sites, would have taught."""

    def known(*texts: str) -> dict[int, Known]:
        return {text_key(text): Known(30, 40, ("a/1", "a/2", "a/3"), heads=30) for text in texts}

    own = Profile("a", 40, known(*SITE_LINES[:3]), known(LICENCE))
    return {"a": own, ANY_SITE: Profile(ANY_SITE, 400, known(SITE_LINES[3]))}


def judged(
    text: str,
    profiles: Mapping[str, Profile] | None = None,
    *,
    keep: Sequence[str] = (),
    strip: Sequence[str] = (),
    title: str | None = None,
) -> Verdict:
    chosen = CleanSettings(keep=tuple(keep), strip=tuple(strip))
    return judge(Document("d", text, "a", title=title), chosen, profiles or {})


def cleaned(text: str, profiles: Mapping[str, Profile] | None = None, **options: Sequence[str]) -> str:
    cuts = judged(text, profiles, **options).cuts  # type: ignore[arg-type]
    return apply_cuts(text, [Span(cut.start, cut.end) for cut in cuts])


def rules(verdict: Verdict) -> set[str]:
    return {f"{f.kind}.{f.rule}" for cut in verdict.cuts for f in (cut.finding, *cut.also)}
