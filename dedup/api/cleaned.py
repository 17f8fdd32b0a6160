"""The Python API for one text: `dedup.clean`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 (`typing.get_type_hints` works on what is public)
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 (the same)

from dedup.boilerplate import profile as profiles_
from dedup.boilerplate.profile import Profile  # noqa: TC001 (the same)
from dedup.choices import Mode  # noqa: TC001 (the same)
from dedup.engines.rule_names import check_names
from dedup.engines.verdict import judge
from dedup.model import Cut, Document, Span
from dedup.reporting.cuts import apply_cuts
from dedup.settings import CleanSettings, MainSettings, check_flag, check_text, tuple_of_texts


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text.

    Attributes:
        text: what is left; the given text when nothing was found or the document was left alone.
        findings: the cuts, in order, with offsets in code points of the given text; each tells its rule, score and evidence.
        left: why the document was left alone although something was found, or None.
    """

    text: str
    findings: tuple[Cut, ...]
    left: str | None = None


def clean(  # noqa: PLR0913 (options by name)
    text: str,
    *,
    site: str | None = None,
    title: str | None = None,
    profile: str | Path | Mapping[str, Profile] | None = None,
    paragraphs: Mode = "auto",
    keep: Sequence[str] = (),
    strip: Sequence[str] = (),
    min_kept: int = 25,
    main: bool = False,
) -> Cleaned:
    """Strip boilerplate and repeats from one text.

    Args:
        text: of one document; an empty one stays empty.
        site: whose profile judges it.
        title: its headline, which is shielded.
        profile: a folder or file of profiles (of `dedup learn`), or profiles by site.
        paragraphs: how the text is split: "auto", "line" or "blank".
        keep: kinds and rules to spare: "repeat", "boilerplate.share", "heading.comments".
        strip: rules to strip that are kept by default: "page.date", "byline", "byline.agency".
        main: for whole pages: strip also what stands outside of the main block of running text.
        min_kept: words; a document that would keep fewer, and few of its sentences, is left alone.

    Returns:
        The text without the cuts, and the cuts.

    Raises:
        UsageError: a setting that does not exist, or what is no text.
        ReportError: a profile that cannot be read.
    """
    check_text("text", text)
    check_text("site", site, optional=True)
    check_text("title", title, optional=True)
    check_flag("main", main)
    settings = CleanSettings(
        paragraphs=paragraphs,
        keep=tuple_of_texts("keep", keep),
        strip=tuple_of_texts("strip", strip),
        min_kept=min_kept,
        main=MainSettings() if main else None,
    )
    check_names(settings.keep, settings.strip, copies=False)
    known = {} if profile is None else profiles_.given(profile)
    verdict = judge(Document("-", text, site, title=title), settings, known)
    kept = apply_cuts(text, [Span(cut.start, cut.end) for cut in verdict.cuts])
    return Cleaned(kept, tuple(verdict.cuts), verdict.left)
