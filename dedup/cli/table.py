"""What `find` prints for people: 80 columns, the largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.cli import ending
from dedup.cli.options import counted, named, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedup.engines.finding import FindResult

_WIDTH = 80
_CLUSTERS = 10
_MEMBERS = 4
_LEADS = 10
_SITES = 10
_LINES = 3
_TIMES = "\N{MULTIPLICATION SIGN}"


def lines(found: FindResult, *, verbose: bool) -> Iterator[str]:
    """The table, line by line, without what could steer a terminal."""
    yield from _whole(_funnel(found))
    for part in (_clusters(found), _leads(found), _furniture(found)):
        yield from map(_fit, part)
    yield from _whole(_limits(found))
    if verbose:
        yield from _banding(found)


def _fit(line: str) -> str:
    line = printable(line)
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Lines of which nothing may be cut, such as numbers: what is too long goes on in the next line."""
    import textwrap  # noqa: PLC0415 (help must not wait for it)

    for line in map(printable, lines):
        yield from textwrap.wrap(line, _WIDTH, subsequent_indent="    ", break_on_hyphens=False) or [line]


def _funnel(found: FindResult) -> Iterator[str]:
    counts, own = found.matches.counts, found.counts
    left = f", {own.get('words_compared', 0):,} after stripping" if found.matches.settings.strip else ""
    yield f"{counted(own.get('documents', 0), 'document')}, {counted(own.get('words', 0), 'word')}{left}"
    yield f"  {counted(own.get('repeats', 0), 'repeat')} within documents"
    yield (
        f"  {counted(counts['paragraphs'], 'paragraph')} > {counts['distinct_paragraphs']:,} distinct > "
        f"{counted(counts['candidate_paragraph_pairs'], 'candidate pair')} > {counts['verified_paragraph_pairs']:,} verified"
    )
    yield (
        f"  {counted(counts['contents'], 'content')} > {counted(counts['candidate_document_pairs'], 'candidate pair')} > "
        f"{counts['pairs_near_duplicate']:,} near-duplicate, {counts['pairs_contained']:,} contained, "
        f"{counts['pairs_partial']:,} partial"
    )


def _clusters(found: FindResult) -> Iterator[str]:
    from dedup.engines import finding, found_report  # noqa: PLC0415 (plain, in front of heavy things)

    groups, rows = found.matches.groups, found.matches.columns.rows
    yield ""
    yield f"CLUSTERS: {len(groups):,}, of {counted(found.matches.counts['clustered_documents'], 'document')}"
    weakest = found_report.weakest_links(found)
    sizes = groups.offsets[1:] - groups.offsets[:-1]
    order = sorted(range(len(groups)), key=lambda n: (-int(sizes[n]), n))
    for number in order[:_CLUSTERS]:
        members = finding.ranked(found, groups.members[groups.offsets[number] : groups.offsets[number + 1]]).tolist()
        kept, *others = (rows[member] for member in members)
        yield f"  {len(members)} {_TIMES} {kept.label}"
        yield f"      keep {kept.id} (weakest {weakest[number]:.2f})"
        yield from (f"           {other.id}" for other in others[:_MEMBERS])
        if len(others) > _MEMBERS:
            yield f"           and {len(others) - _MEMBERS:,} more"
    if len(order) > _CLUSTERS:
        yield f"  and {counted(len(order) - _CLUSTERS, 'more cluster')} (--report lists all)"


def _leads(found: FindResult) -> Iterator[str]:
    from dedup.engines import found_report  # noqa: PLC0415
    from dedup.matching import copies  # noqa: PLC0415

    columns = found.matches.columns
    listed = [lead for lead in copies.leads(columns, found.matches.spread) if lead.others or len(lead.leads) > 1]
    yield ""
    yield f"REPEATED LEADS: {len(listed):,}"
    listed.sort(key=lambda lead: (-len(lead.leads) - len(lead.others), lead.family))
    for lead in listed[:_LEADS]:
        first = columns.paragraphs.starts[lead.leads[0]], columns.paragraphs.lengths[lead.leads[0]]
        words = bytes(columns.data[first[0] : first[0] + first[1]]).decode("utf-8", "replace")
        yield f"  {len(lead.leads) + len(lead.others)} {_TIMES} {words}"
        rows = [columns.rows[int(columns.owner[p])] for p in (*lead.leads, *lead.others)]
        dated = found_report.first_of(rows)
        if dated is not None:
            yield f"      first {dated.date} {dated.id}"
        yield from (f"           {row.id}" for row in rows[:_MEMBERS])
        if len(rows) > _MEMBERS:
            yield f"           and {len(rows) - _MEMBERS:,} more"
    if len(listed) > _LEADS:
        yield f"  and {counted(len(listed) - _LEADS, 'more lead')} (--report lists all)"


def _furniture(found: FindResult) -> Iterator[str]:
    yield ""
    yield f"FURNITURE: {counted(len(found.furniture), 'site')}"
    sites = sorted(found.furniture, key=lambda site: (-found.furniture[site][0].of, site))
    for site in sites[:_SITES]:
        shown = found.furniture[site]
        yield f"  {site} ({counted(shown[0].of, 'document')})"
        yield from (f"      {line.count:5,} {_TIMES} {line.text}" for line in shown[:_LINES])
    if len(sites) > _SITES:
        yield f"  and {counted(len(sites) - _SITES, 'more site')} (--report lists all)"


def _limits(found: FindResult) -> Iterator[str]:
    counts = found.matches.counts
    siteless = [ending.siteless(found.counts)] if found.matches.settings.strip else []
    passed, failed = len([s for s in found.skipped if s.expected]), len(found.failures)
    places, families, samples, pairs = (counts[f"capped_{name}"] for name in ("members", "families", "samples", "pairs"))
    told = [
        ending.too_short(found),
        *siteless,
        (places, f"{named(places, 'place')} in large buckets, whose members were not all compared with each other"),
        (families, f"{named(families, 'family')} on too many documents to propose pairs or be listed as copies"),
        (samples, f"{named(samples, 'sampled shingle')} in too many documents to propose pairs"),
        (pairs, f"{named(pairs, 'pair')} within large clusters not listed"),
        (passed, f"{named(passed, 'file')} passed over: {ending.PASSED_OVER}"),
        (failed, f"{named(failed, 'input')} or {named(failed, 'record')} that could not be read"),
    ]
    listed = [f"  {count:,} {words}" for count, words in (*told, ending.unpreferred(found), *ending.undated(found)) if count]
    if listed:
        yield ""
        yield "LIMITS"
        yield from listed


def _banding(found: FindResult) -> Iterator[str]:
    from dedup.matching import pairing  # noqa: PLC0415 (plain, in front of heavy things)

    chosen, threshold = found.matches.banding, found.matches.settings.threshold
    yield ""
    yield f"BANDING: {chosen.bands} bands of {chosen.rows} rows; misses {chosen.miss(threshold):.2%} of pairs at {threshold}"
    for similarity in range(1, 11):
        value = similarity / 10
        found_share = chosen.probability(value)
        yield f"  J = {value:.1f}  found {found_share:7.2%}  {'#' * round(40 * found_share)}"
    rate = found.matches.settings.sample
    yield f"SAMPLING: one of {rate} shingles; of documents contained in others"
    for shared in (10, 20, 50, 100):
        yield f"  {shared:3} shingles shared  found {pairing.found_by_samples(shared, rate):7.2%}"
