"""What a journal's lines hold, as JSON and back; what they say is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from dedup.boilerplate.profile import Known, Profile
from dedup.model import Finding, Kind, Partner, Skipped

if TYPE_CHECKING:
    from collections.abc import Mapping


def profile_entries(known: Profile) -> dict[str, object]:
    """The lines and edges of a profile."""
    return {
        name: [[key, k.count, k.of, list(k.sample), sorted(k.below), k.heads, k.words] for key, k in entries.items()]
        for name, entries in (("lines", known.lines), ("edges", known.edges))
    }


def profile_of(entry: Mapping[str, Any]) -> Profile:
    """The profile of a line; raises TypeError, ValueError or KeyError where it is none, as all that follow."""
    lines, edges = ({count_of(key): _known(*values) for key, *values in entry[name]} for name in ("lines", "edges"))
    return Profile(text_of(entry["site"]), count_of(entry["documents"]), lines, edges)


def _known(*values: Any) -> Known:  # noqa: ANN401 (of any type, until they are checked)
    count, of, sample, below, heads, words = values
    found = tuple(map(text_of, sample)), frozenset(map(count_of, below))
    return Known(count_of(count), max(1, count_of(of)), *found, count_of(heads), count_of(words))


def skipped_entry(item: Skipped) -> list[object]:
    """What was passed over, as a list."""
    return [item.source, item.reason, item.record, item.expected]


def finding_entry(finding: Finding) -> list[object]:
    """A finding, as a list."""
    partner = finding.partner
    place = None if partner is None else [partner.document, partner.start, partner.end]
    return [finding.kind, finding.start, finding.end, finding.rule, finding.score, place, dict(finding.evidence)]


def skipped_of(source: object, reason: object, record: object, expected: object) -> Skipped:
    """What was passed over, from the values of its list."""
    return Skipped(text_of(source), text_of(reason), None if record is None else count_of(record), expected=bool(expected))


def finding_of(*values: Any) -> Finding:  # noqa: ANN401 (of any type, until they are checked)
    """A finding, from the values of its list."""
    kind, start, end, rule, score, partner, evidence = values
    if kind not in get_args(Kind) or not isinstance(score, float | int):
        raise TypeError(kind)
    other = None if partner is None else Partner(text_of(partner[0]), count_of(partner[1]), count_of(partner[2]))
    return Finding(kind, count_of(start), count_of(end), text_of(rule), score, other, dict(evidence))


def text_of(value: object) -> str:
    """The value, if it is a text."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def count_of(value: object) -> int:
    """The value, if it is a number that counts."""
    if type(value) is not int or value < 0:
        raise TypeError(value)
    return value
