"""The engine's way of `learn`, and the pass before the one that judges: counts what the documents of each site share."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from dedup.boilerplate import profile
from dedup.boilerplate.learning import Learner
from dedup.engines.describing import Describer, occurrences_of
from dedup.engines.inputs import documents
from dedup.engines.workers import Workers, batches
from dedup.errors import InputError
from dedup.model import Document, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.boilerplate.occurrences import Occurrences
    from dedup.boilerplate.profile import Profile
    from dedup.engines.inputs import Inputs
    from dedup.model import Skipped
    from dedup.reporting.report import Report
    from dedup.settings import CleanSettings


def learn(
    inputs: Inputs,
    settings: CleanSettings,
    failures: list[Skipped] | None = None,
    written: Report | None = None,
    *,
    workers: int = 1,
) -> tuple[dict[str, Profile], int]:
    """Learn the furniture of the inputs' sites, in one pass over them.

    Args:
        inputs: to learn from.
        settings: how texts are split, and the floors.
        failures: takes what could not be read; None: the pass that follows tells of it.
        written: takes the notes on documents; None: as above.
        workers: processes that count; the result is the same.

    Returns:
        The profiles by site, and the number of documents.
    """
    learner = Learner(settings.learning)
    count = 0
    work = Counting(Describer(waits=inputs.waits), settings)
    with Workers(work, workers, _itself) as counting:
        for batch, occurrences in counting.made(documents(inputs, failures, written)):
            count += len(batch)
            learner.add(batch, occurrences)
    return learner.profiles(), count


class Counting:
    """Counts, of some documents at a time, what learning wants to know.

    Args:
        describe: describes their texts.
        settings: how these are split.
    """

    def __init__(self, describe: Describer, settings: CleanSettings) -> None:
        self._describe = describe
        self._settings = settings

    def __call__(self, documents: list[Document]) -> Occurrences:
        """What is counted of them."""
        return occurrences_of(self._describe([document.text for document in documents], self._settings))

    def prepare(self) -> None:
        """Load and compile what workers would, each."""
        occurrences_of(self._describe.prepare(self._settings))


def _itself(document: Document) -> Document:
    return document


def texts_of(inputs: Inputs, settings: CleanSettings, profiles: Mapping[str, Profile]) -> dict[str, dict[int, str]]:
    """By site and key, the texts of what was learned, as they are met first; a second pass over the inputs.

    Raises:
        InputError: one of them is there no more.
    """
    found: dict[str, dict[int, str]] = {site: {} for site in profiles}
    wanted = {site: {name for known in p.lines.values() for name in known.below} for site, p in profiles.items()}
    describe = Describer(waits=inputs.waits)
    parts = (part for part, _ in batches(documents(inputs), lambda document: len(document.text)))
    described_parts = (zip(part, describe([document.text for document in part], settings), strict=True) for part in parts)
    for document, described in chain.from_iterable(described_parts):
        text, edges = document.text, list(described.all_edges())
        for site, known in ((s, profiles[s]) for s in (document.site, profile.ANY_SITE) if s is not None and s in profiles):
            spans = [(Span(p.start, p.end), p.key, known.lines) for p in described.paragraphs]
            spans += [(Span(edge.start, edge.end), edge.key, known.edges) for edge in edges]
            for span, name, entries in spans:
                if name in entries or name in wanted[site]:
                    found[site].setdefault(name, text[span.start : span.end])
    for site, known in profiles.items():
        if not found[site].keys() >= (known.lines.keys() | known.edges.keys() | wanted[site]) - {0}:
            raise InputError(site or "several sites", "an input was changed while it was learned from; run again")
    return found
