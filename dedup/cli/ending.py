"""How a command ends: what could not be read is told, and makes the exit status."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

from dedup.cli.options import counted, named, say
from dedup.engines.acting import AS_IT_IS
from dedup.errors import InputError
from dedup.settings import LearnSettings
from dedup.writing import outputs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from dedup.cli.running import Gathered
    from dedup.engines.finding import FindResult
    from dedup.engines.inputs import Inputs
    from dedup.model import Skipped, Source

NO_TEXT = "no text found: only hidden files, what is no text or reports of ours, or none that --include lets in"
NO_DOCUMENT = "no document found: what was read is empty, or has no record that can be read"
PASSED_OVER = "hidden, no text, special, reports of ours"
SITES = "a site is a folder, a field, a host or --site"
_DAMAGED = "damaged after "  # so many records
_NAMED_FAILURES = 20  # told one by one; the report has them all
_KNOWN = 5  # sites with a profile that are named
_DATE = 19  # characters of a date that is shown


def too_short(found: FindResult) -> tuple[int, str]:
    """How many documents are compared with none, and what is to be said of them."""
    count = found.matches.counts["too_short"]
    return count, f"{named(count, 'document')} too short to compare (fewer than {found.matches.settings.least} words)"


def siteless(counts: Mapping[str, int]) -> tuple[int, str]:
    """How many documents have no site to learn from, where that is as many as a site needs, and what is to be said of them."""
    count = counts.get("siteless", 0)
    told = count if count >= LearnSettings().floor else 0
    return told, f"{named(told, 'document')} without a site: what pages of one site share goes unseen there"


def unpreferred(found: FindResult) -> tuple[int, str]:
    """How many of the preferred sites no document has, and what is to be said of them."""
    unmet, asked = found.ranking.unmet, len(set(found.preference.sites))
    have = "has" if len(unmet) == 1 else "have"
    return len(unmet), f"of {counted(asked, 'preferred site')} {have} no document, such as {min(unmet, default='')}"


def undated(found: FindResult) -> list[tuple[int, str]]:
    """What is to be said of documents without a date, each thing with their number; nothing where dates decide nothing."""
    dated, counts = found.ranking.dated, found.counts
    if dated is None:
        return []
    policy = f"--keep-doc {found.preference.policy}"
    documents = named(counts["undated"], "document")
    if counts["undated"] == counts.get("documents", 0):
        told = [(counts["undated"], f"{documents}, none with a date: {policy} keeps the first id")]
    else:
        told = [(counts["undated"], f"{documents} without a date: {policy} keeps others before them")]
    sample = (dated.sample or "")[:_DATE]
    return [*told, (dated.unread, f'{named(dated.unread, "date")} cannot be read, taken for none, such as "{sample}"')]


def with_consequences(failures: list[Skipped], found: Gathered, written_to: object, *, parts: bool = True) -> list[Skipped]:
    """The failures, each with what became of the input or record.

    Args:
        failures: what could not be read.
        found: the inputs.
        written_to: where the outputs go.
        parts: whether the records of an input that cannot be read to its end are dealt with, and counted, up to there.
    """
    passes = isinstance(written_to, (outputs.ToPaths, outputs.ToStream))
    if not passes and parts:
        return failures
    ids = {source.id for source in found.inputs.sources}
    whole = isinstance(written_to, outputs.ToPaths) or not parts  # or nothing of an input
    lost = {failure.source for failure in failures if failure.record is None} if whole else set()
    told = []
    for failure in failures:
        if failure.reason.endswith(AS_IT_IS) or (failure.record is not None and failure.source in lost):
            words = ""
        elif failure.record is not None:
            words = f" {AS_IT_IS}" if passes else ""
        elif whole and failure.source in ids:
            read = ", though what was read is counted" if parts and failure.reason.startswith(_DAMAGED) else ""
            words = f" (nothing of it was written{read})"
        else:
            words = ""
        told.append(dataclasses.replace(failure, reason=failure.reason + words))
    return told


def tell_failures(failures: list[Skipped], *, reported: bool) -> None:
    """Name on stderr what could not be read; `reported` says whether a report names all."""
    for failure in failures[:_NAMED_FAILURES]:
        place = failure.source if failure.record is None else f"{failure.source}:{failure.record}"
        say(f"{place}: {failure.reason}")
    if len(failures) > _NAMED_FAILURES:
        named = " (the report names them all)" if reported else ""
        say(f"and {len(failures) - _NAMED_FAILURES:,} more like that{named}")


def tell_reading(inputs: Inputs, notes: Sequence[tuple[str, str]], counts: Mapping[str, int], *, reported: bool = False) -> None:
    """Say on stderr what is to be known of how the inputs were read.

    Named are the first notes on documents, the fields that the user named and no record has, what may rather be the text, and,
    such as can be read once it is made ready, what was passed over.

    Args:
        inputs: after they were read.
        notes: the first ones, each with the id of the text, or of the input that a record stands in.
        counts: how many in all ("noted"), and how many ids were given to a document already ("ids_repeated").
        reported: whether a report has them all.
    """
    if counts.get("ids_repeated"):
        say(f"{counted(counts['ids_repeated'], 'id')} stood twice; the later ones are called id~2 and so on")
    for document, note in notes:
        say(f"{document}: {note}")
    more = counts.get("noted", 0) - len(notes)
    if more > 0:
        say(f"and {more:,} more such {named(more, 'note')}{' (the report has them all)' if reported else ''}")
    for option, name in inputs.fields.absent:
        say(f"no record that was read has the field {name!r} ({option})")
    for (taken, other), place in sorted(inputs.fields.rivals.items()):
        say(f"the text is the field {taken!r}, and {other!r} is longer, as in {place}: --text-field {other} takes that one")
    for reason, count in sorted(Counter(inputs.foreign.values()).items()):
        say(f"{count:,} passed over, such as {min(s for s, why in inputs.foreign.items() if why == reason)}: {reason}")


def tell_unprofiled(count: int, sample: str, folder: str | None, known: Collection[str], *, named: bool) -> None:
    """Say on stderr that so many documents are of sites without a profile, and what can be done.

    Args:
        count: how many.
        sample: the site of one; "": it has none.
        folder: the user's PROFILES.
        known: the sites that have one.
        named: whether the user named the site of all documents.
    """
    if count:
        such = f", such as {sample}" if sample else ""
        listed = f"it knows {', '.join(sorted(known)[:_KNOWN])}{', …' if len(known) > _KNOWN else ''}"
        told = f"what only the pages of one site share stays there ({listed if named else '--site names it'})"
        say(f"{counted(count, 'document')} of no site that {folder} knows{such}: {told}")


def tell_absent(count: int, sample: str, where: str = "of the report") -> None:
    """Say on stderr that an earlier report tells of so many documents that are not there, and name one."""
    if count:
        such = f", such as {sample}" if sample else ""
        say(f"{counted(count, 'document')} {where} {'is' if count == 1 else 'are'} not among the inputs{such}")


def tell_of_other_root(found: Gathered, known: AbstractSet[str]) -> None:
    """Say on stderr where a report knows no input by its id, as ids were relative to another folder when it was made.

    Args:
        found: the inputs, after they were read.
        known: ids of the inputs that the report tells of.
    """
    ids = {source.id for source in found.inputs.sources} - found.pipes - found.inputs.textless
    if not ids or not known or ids & known or len(ids) == len(known) == 1:  # which one has any name
        return
    first = min(ids)
    alike = min((name for name in known if name.endswith(f"/{first}") or first.endswith(f"/{name}")), default=min(known))
    say(f"the report calls its texts as {alike}, here they are {first}: name the folder that was cleaned, or give it by --root")


def done_of(documents: int, sources: Sequence[Source], failures: list[Skipped], written_to: object) -> int:
    """How many documents were dealt with to any end: none where files were to be written and none could be read to its end."""
    damaged = {failure.source for failure in failures if failure.record is None and not failure.reason.endswith(AS_IT_IS)}
    lost = isinstance(written_to, outputs.ToPaths) and all(source.id in damaged for source in sources)
    return 0 if lost else documents


def empty_of(found: Gathered) -> str | None:
    """What is to be said where there was nothing to read; None where there was, and be it empty (a shard, standard input).

    Asked after the inputs were read, it knows of those that turned out to be no text.
    """
    textless = found.inputs.textless
    return None if found.pipes or any(source.id not in textless for source in found.inputs.sources) else NO_TEXT


def status_of(failures: list[Skipped], done: int, *, empty: str | None, reported: bool) -> int:
    """The exit status: 0 done, 3 done but for some inputs, 2 nothing could be done.

    Args:
        failures: what could not be read.
        done: documents that were.
        empty: said when there was nothing to read at all, which is an error; None where that is fine.
        reported: whether a report names all failures.
    """
    tell_failures(failures, reported=reported)
    if failures:
        return 3 if done else InputError.exit_status
    if not done and empty is not None:
        say(empty)
        return InputError.exit_status
    return 0
