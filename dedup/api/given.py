"""Documents in memory, in the place of files: texts, records and `Document`s; what is none is refused."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dedup.engines.inputs import Inputs
from dedup.errors import UsageError
from dedup.model import Document, Record, Source
from dedup.reading import fields
from dedup.settings import check_text, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.reading import Ids

_FIELDS = fields.Fields()
_roles = functools.lru_cache(maxsize=1024)(fields.find_roles)
_ALL = "a list of texts, of mappings with a `text`, or of `Document`s"


class Given(Inputs):
    """Documents in memory; they are gone through once.

    A record's text, id, site (or the host of its URL), date and title are found as in JSON Lines, under the same names.

    Raises:
        UsageError: what is given is no document; it says what to pass.
    """

    def __init__(self, documents: Iterable[str | Mapping[str, Any] | Document]) -> None:
        super().__init__([Source("documents", None, "jsonl")])
        if isinstance(documents, (str, bytes, bytearray, Mapping, Document)) or not isinstance(documents, Iterable):
            one = "; for one, a list of it" if isinstance(documents, (str, Mapping, Document)) else ""
            raise UsageError(f"documents: pass {_ALL}, not {kind_of(documents)}{one}")
        if hasattr(documents, "columns"):  # to go through a table of pandas gives the names of its columns
            rows = "its rows as mappings: to_dict('records') in pandas, to_dicts() in polars, to_pylist() in Arrow"
            raise UsageError(f"documents: pass {_ALL}, not {kind_of(documents)}; of a table, {rows}")
        self._documents = [_document(number, given) for number, given in enumerate(documents)]

    def records(self, source: Source, ids: Ids, *, bare: bool = False) -> Iterator[Record]:
        """The documents as records."""
        del bare  # there are no bytes to leave out
        for number, document in enumerate(self._documents, 1):
            named = dataclasses.replace(document, id=ids.unique(document.id))
            yield Record(named, source.id, number, raw=document.text.encode("utf-8", "surrogatepass"))


def _instead(given: object) -> str:
    """How a row of a table, as pandas, polars and databases give it, or bytes become a document."""
    if isinstance(given, (bytes, bytearray)):
        return ": decode it first"
    ways = {"_asdict": "row._asdict()", "to_dict": "row.to_dict()", "keys": "dict(row)"}
    return next((f"; of a row, pass {way}" for name, way in ways.items() if hasattr(given, name)), "")


def _document(number: int, given: object) -> Document:
    if isinstance(given, Document):
        check_text(f"document {number}: `id`", given.id)
        check_text(f"document {number}: `text`", given.text)
        for name in ("site", "date", "title"):
            check_text(f"document {number}: `{name}`", getattr(given, name), optional=True)
        return given
    if isinstance(given, str):
        return Document(str(number), given)
    if not isinstance(given, Mapping):
        raise UsageError(
            f"document {number}: pass a text, a mapping with a `text`, or a `Document`, not {kind_of(given)}{_instead(given)}"
        )
    roles = _roles(tuple(name for name in given if isinstance(name, str)), _FIELDS)
    text = next((given[name] for name in roles.text if isinstance(given[name], str)), None)
    if text is None:
        told = f"its `{roles.text[0]}` is no str: {kind_of(given[roles.text[0]])}" if roles.text else "it has no `text`"
        raise UsageError(f"document {number}: {told} (it has: {', '.join(map(str, given)) or 'nothing'})")
    own = next(filter(None, (fields.as_text(given[name]) for name in roles.id)), None) or str(number)
    return fields.Describer(_FIELDS, "", None, None).document(given, roles, own, text)
