"""`dedup explain`: shows one document with the verdict on each paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from dedup.cli.options import (
    INPUT,
    PRINTING,
    VERDICTS,
    AboutOptions,
    JudgeOptions,
    TargetOptions,
    command,
    counted,
    flush,
    named,
    option,
    printable,
    refuse_closed,
    say,
)
from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.engines.verdict import Verdict
    from dedup.model import Cut, Document, Finding, Skipped, Span
    from dedup.settings import CleanSettings


@command
def explain(
    inputs: AboutOptions,
    judging: JudgeOptions,
    *,
    document: Annotated[
        str | None, option("--document", metavar="ID", help="The one to show, where the inputs hold several.", panel=INPUT)
    ] = None,
    profile: Annotated[
        str | None, option("--profile", metavar="PROFILES", help="Judge by these profiles (of `dedup learn`).", panel=VERDICTS)
    ] = None,
    main: Annotated[bool, option("--main", help="Judge whole pages as `clean --main` does.", panel=VERDICTS)] = False,
) -> int:
    """Show one document: each paragraph with its verdict and the evidence for it.

    Examples:
      dedup explain article.txt
      dedup explain sites/ --document harbour/ferry.txt
    """
    from dedup.boilerplate.profile import ANY_SITE  # noqa: PLC0415 (help must not wait for it)
    from dedup.cli import ending, running  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines import describing, verdict  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines.inputs import documents  # noqa: PLC0415 (help must not wait for it)
    from dedup.model import Skipped  # noqa: PLC0415 (help must not wait for it)
    from dedup.reporting.report import Report  # noqa: PLC0415 (help must not wait for it)

    refuse_closed()
    settings = running.clean_settings(judging, learn=profile is None, main=main)
    with running.gathered(inputs, twice=True) as found:
        if document is None and not found.single:
            raise UsageError("several inputs: name the document to show with --document ID")
        failures = [s for s in found.inputs.skipped if not s.expected]
        profiles = running.profiles_for(profile, settings, found, TargetOptions(quiet=True), running.workers_for(0, found))
        judge = verdict.Judge(settings, profiles, describing.Describer(waits=found.inputs.waits))
        shown, told = False, Report(None)
        near = ""
        candidates = documents(found.inputs, failures, told)
        for candidate in candidates:
            if document is None or candidate.id == document:
                (judged,) = judge.judge([candidate])
                judged.texts = None  # what the stages made of it takes several times its memory
                with PRINTING:
                    for line in _lines(candidate, judged, settings):
                        print(printable(line))  # noqa: T201 (this is the command's output)
                shown = True
                if profile is not None:
                    known = profiles.keys() - {ANY_SITE}
                    missed = bool(known) and candidate.site not in known
                    ending.tell_unprofiled(missed, candidate.site or "", profile, known, named=found.inputs.site is not None)
                break
            near = _nearer(near, candidate.id, document or "")
            if not found.single:  # of several inputs, only what is to be said of the one that is shown
                told.notes.clear()
        if not shown and document is not None:
            foreign = found.inputs.foreign.pop(document, None)  # told of as what was asked for, and not once more
            failures = _of(document, failures, near) if foreign is None else [Skipped(document, foreign)]
        flush()
        ending.tell_reading(found.inputs, told.notes, {})
        before = failures[:]  # what lies behind the document that is shown is of no concern
        if document is None and next(candidates, None) is not None:
            failures = before
            say("the input holds more documents, and this is the first: --document ID names another")
        if not shown and not failures:
            say("the input is empty: nothing to explain")
        return ending.status_of(failures, int(shown), empty=None, reported=False)


def _nearer(near: str, candidate: str, asked: str) -> str:
    """Which of two ids is rather the one that was asked for: the end of its path, or one that ends with it; else the first."""
    alike = f"/{asked}".endswith(f"/{candidate}") or candidate.endswith(f"/{asked}")
    return candidate if alike or not near else near


def _of(document: str, failures: list[Skipped], near: str) -> list[Skipped]:
    """What could not be read under the id of the document that is asked for; `near` is the id of one that could be.

    Raises:
        UsageError: nothing; so no document has this id, unless it is in what could not be read.
    """
    own = [item for item in failures if document in {item.source, f"{item.source}:{item.record}"}]
    if not own:
        such = f"; ids are such as {near}" if near else ""
        count = len(failures)
        unread = f" ({counted(count, 'input')} or {named(count, 'record')} could not be read)" if failures else ""
        raise UsageError(f"--document {document}: no document of the inputs has this id{such}{unread}")
    return own


def _lines(document: Document, verdict: Verdict, settings: CleanSettings) -> Iterator[str]:
    from dedup.text import paragraphs  # noqa: PLC0415 (help must not wait for it)

    site = f", site {document.site}" if document.site else ""
    yield f"{document.id}{site}: {counted(verdict.words, 'word')}, {verdict.words - verdict.kept_words:,} of them cut"
    if verdict.left:
        yield f"left alone: {verdict.left}"
    listing = next((cut.finding.evidence for cut in verdict.found if "listing" in cut.finding.evidence), None)
    if listing is not None:
        start, end = _listed(listing["listing"])
        yield f"kept as a whole: a list of {listing['entries']} entries at {start}..{end}, in which the page has its content"
    noted = {span.start: rule for span, rule in verdict.noted}
    for span in paragraphs.split(document.text, settings.paragraphs):
        cuts = [cut for cut in verdict.found if cut.finding.start < span.end and span.start < cut.finding.end]
        yield ""
        yield from _verdict_lines(document.text, span, cuts, noted.get(span.start), "would cut" if verdict.left else "CUT  ")
        yield from (f"    {line.strip()}" for line in document.text[span.start : span.end].splitlines() if line.strip())


def _verdict_lines(text: str, span: Span, cuts: list[Cut], note: str | None, cut_word: str) -> Iterator[str]:
    place = f"{span.start}..{span.end}"
    if not cuts:
        yield f"keep  {place}" + (f"  {note}" if note else "")
    for cut in cuts:
        part = "" if cut.finding.start <= span.start and cut.finding.end >= span.end else "part "
        yield f"{cut_word} {place}  {part}" + "; also ".join(reason(finding, text) for finding in (cut.finding, *cut.also))


def reason(finding: Finding, text: str) -> str:
    """A finding's rule and evidence in words; `text` is what it was found in."""
    evidence = finding.evidence
    words = f"{finding.kind} {finding.rule}"
    if "phrase" in evidence:
        words += f': the phrase "{evidence["phrase"]}" ({", ".join(map(str, _listed(evidence["languages"])))})'
    if "shape" in evidence:
        words += f": by its shape ({evidence['shape']})"
    if "count" in evidence:
        sample = ", ".join(map(str, _listed(evidence["sample"])))
        aside = ", numbers aside" if any(char.isdecimal() for char in text[finding.start : finding.end]) else ""
        words += f": on {evidence['count']} of {evidence['of']} documents{aside}, such as {sample}"
    if "heading" in evidence:
        start, end = _listed(evidence["heading"])
        words += f": under the heading at {start}..{end}"
    if "listing" in evidence:
        start, end = _listed(evidence["listing"])
        words += f": outside of the list at {start}..{end}"
    if finding.partner is not None:
        words += f": {finding.score:.0%} alike to what stands at {finding.partner.start}..{finding.partner.end}"
    return words


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)
