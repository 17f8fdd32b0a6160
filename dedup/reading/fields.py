"""Which field of a record says what: the names its user gives, else the common ones."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from dedup.model import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GUESSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "text": ("text", "content", "body", "article", "raw_content", "maintext"),
        "id": ("id", "doc_id", "docid", "uuid"),
        "site": ("site", "domain", "host", "source_domain"),
        "url": ("url", "link", "source_url", "uri", "warc_target_uri"),
        "date": ("date", "published", "publish_date", "date_publish", "published_at", "timestamp", "created"),
        "title": ("title", "headline"),
    }
)
"""The names that are tried for each role, best first: those of Common Crawl derivatives, news scrapers and feed readers."""

_PLAIN_URL = re.compile(r"https?://([A-Za-z0-9.-]+)(?:[/?#]|$)")
"""A URL whose host nothing else has to be asked about: no user, port, brackets or letters beyond ASCII."""

_BEGUN_URL = re.compile(r"(?:[^/?#]*:)?//")
"""What stands before the host of a URL with a scheme; two slashes further on are of its path, or of another URL within."""

_SAME = 0.9
"""A field that is longer by so little holds the same text, with markup or a space at its end."""
_NOTHING = object()
_LISTED = 12
"""How many field names a message lists at most."""
_NAME = 40
"""Characters of each that it shows: a table without a header has texts for names."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The field names that the user gave; None where the common ones are to be tried.

    Attributes:
        carried: fields that documents carry along to the report; what a record lacks is left out.
        met: of the names, those that a record had so far.
        missed: of the names, those that a record lacked so far.
        rivals: by the field that was taken for the text and one that is longer, where this was met first.
    """

    text: str | None = None
    id: str | None = None
    site: str | None = None
    url: str | None = None
    date: str | None = None
    title: str | None = None
    carried: tuple[str, ...] = ()
    met: set[str] = field(default_factory=set, compare=False, repr=False)
    missed: set[str] = field(default_factory=set, compare=False, repr=False)
    rivals: dict[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def options(self) -> list[tuple[str, str]]:
        """The names for all but the text, each with its option."""
        named = [(f"--{role}-field", getattr(self, role)) for role in GUESSES if role != "text"]
        return [(option, name) for option, name in named if name is not None] + [("--fields", name) for name in self.carried]

    @property
    def absent(self) -> list[tuple[str, str]]:
        """Those of them that no record had although there were records."""
        return [(option, name) for option, name in self.options if name in self.missed and name not in self.met]

    def weigh(self, sizes: Mapping[str, int], place: str) -> None:
        """Note that the text may be another field's: the first of these is taken for it, by its name, and another is longer."""
        names = iter(sizes)
        taken = next(names)
        for name in names:
            if sizes[name] * _SAME > sizes[taken] and (taken, name) not in self.rivals:
                self.rivals[taken, name] = place


class Roles(NamedTuple):
    """The fields of one record, or of one table, by role: each a tuple of names that are there, best first.

    Attributes:
        absent: the names given by the user for other roles than the text that are not there.
        nested: the names given by the user that may lie inside of objects, as `metadata.url` does.
    """

    text: tuple[str, ...]
    id: tuple[str, ...]
    site: tuple[str, ...]
    url: tuple[str, ...]
    date: tuple[str, ...]
    title: tuple[str, ...]
    absent: tuple[str, ...]
    nested: tuple[str, ...] = ()

    @property
    def note(self) -> str | None:
        """What the user should hear of names that were given and are not there; None where all are."""
        return f"lacks {', '.join(map(repr, self.absent))}, named by option" if self.absent else None


def find_roles(names: Sequence[str], fields: Fields, *, objects: bool = False) -> Roles:
    """Tell which of a record's field names plays which role.

    A name given by the user is the only one looked for; a guessed one is found as it is written, else without regard to case.
    `objects`: whether values may be objects, into which a name with dots leads (`reach`), but for the text.
    """
    options = dict.fromkeys(name for _, name in fields.options)
    nested = tuple(name for name in options if objects and name not in names and leads_inside(name, names))
    fields.met.update(name for name in options if name in names)
    fields.missed.update(name for name in options if name not in names and name not in nested)
    folded = {name.strip().casefold(): name for name in reversed(names)}
    roles: dict[str, tuple[str, ...]] = {}
    for role, guesses in GUESSES.items():
        named: str | None = getattr(fields, role)
        if named is not None:
            roles[role] = (named,) if named in names or (named in nested and role != "text") else ()
        else:
            roles[role] = tuple(guess if guess in names else folded[guess] for guess in guesses if guess in folded)
    others = (fields.id, fields.site, fields.url, fields.date, fields.title)
    absent = tuple(name for name in others if name is not None and name not in names and name not in nested)
    return Roles(**roles, absent=absent, nested=nested)


def leads_inside(name: str, names: Iterable[str]) -> bool:
    """Tell whether a name may mean a field inside of one of these."""
    head, dot, _ = name.partition(".")
    return bool(dot) and head in names


def reach(value: object, name: str, default: object = None) -> object:
    """Give the field of an object by its name, or through objects by a name with dots; a field of that very name goes first."""
    while isinstance(value, dict):
        if name in value:
            return value[name]
        head, _, name = name.partition(".")
        value = value.get(head)
    return default


def bring_up(record: dict[str, object], roles: Roles, fields: Fields) -> None:
    """Put what lies inside of objects at the top of a record under its dotted name; null where a role has nothing."""
    for name in roles.nested:
        value = reach(record, name, _NOTHING)
        if value is not _NOTHING:
            fields.met.add(name)
            record[name] = value
        else:
            fields.missed.add(name)
            if any(name in names for names in (roles.id, roles.site, roles.url, roles.date, roles.title)):
                record[name] = None


def lacks_text(names: Iterable[str], fields: Fields) -> str:
    """Say that a record with these field names has no field for its text, and what to do."""
    what = "a text field" if fields.text is None else f"the field {fields.text!r}"
    listed = [name if len(name) <= _NAME else f"{name[:_NAME]}…" for name in names]
    has = ", ".join(listed[:_LISTED]) + (", …" if len(listed) > _LISTED else "") or "none"
    return f"lacks {what} (it has: {has}; name it with --text-field)"


def as_text(value: object) -> str | None:
    """Give a field's value as a string: verbatim (bytes as UTF-8), or as the JSON text of what is no string.

    None for null, blank strings and NaN, which tables in memory have where nothing is.
    """
    if isinstance(value, bytes):
        value = value.decode("utf-8", "backslashreplace")
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if value is None or _is_nan(value):
        return None
    if isinstance(value, (bool, float, list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _is_nan(value: object) -> bool:
    """Tell NaN, and pandas' NaT and NA: none of them is equal to itself."""
    if isinstance(value, (int, list, dict)):
        return False
    try:
        return bool(value != value)  # noqa: PLR0124  # that is the question
    except TypeError:  # whether NA is NA is NA, which is neither true nor false
        return True
    except ValueError:  # an array
        return False


def host(url: str) -> str | None:
    """Give the host that a URL names: lower case, without port, `www.` and a dot at its end; None if it names none.

    A URL without a scheme ("example.com/a") is understood when its host has a dot.
    """
    plain = _PLAIN_URL.match(url)
    if plain is not None:
        return _bare(plain[1].lower())
    url = url.strip()
    bare = _BEGUN_URL.match(url) is None
    try:
        name = urlsplit(f"//{url}" if bare else url).hostname
    except ValueError:
        return None
    if not name or (bare and "." not in name):
        return None
    return _bare(name)


def _bare(name: str) -> str | None:
    return name.removesuffix(".").removeprefix("www.") or None


def find_site(record: Mapping[str, object], roles: Roles, fields: Fields, fallback: str | None) -> str | None:
    """Give a record's site: its site field, else the host of its URL.

    `fallback`, what the input's path says, counts only for records that have no such fields at all: where they are there
    but empty, or were named by the user, the record has no site.
    """
    first = _first(record, roles.site)
    if first is not None:
        return first
    for name in roles.url:
        url = as_text(record[name])
        found = host(url) if url is not None else None
        if found is not None:
            return found
    told = roles.site or roles.url or fields.site is not None or fields.url is not None
    return None if told else fallback


class Describer(NamedTuple):
    """Makes the documents of one input.

    Attributes:
        fields: the user's names.
        source: id of the input.
        path_site: the site that the input's path gives, or None.
        site: the site that the user gave for all, or None.
    """

    fields: Fields
    source: str
    path_site: str | None
    site: str | None

    def own_id(self, record: Mapping[str, object], roles: Roles, number: int) -> str:
        """Give the record's own id, else `path:number`; not yet made unique."""
        return _first(record, roles.id) or f"{self.source}:{number}"

    def document(self, record: Mapping[str, object], roles: Roles, document_id: str, text: str) -> Document:
        """Make the document of a record whose id and text are known."""
        site = self.site or find_site(record, roles, self.fields, self.path_site)
        wanted = self.fields.carried
        carried = {name: _plain(record[name]) for name in wanted if name in record} if wanted else {}
        return Document(document_id, text, site, _first(record, roles.date), _first(record, roles.title), carried)


def _plain(value: object) -> object:
    """Give a value as JSON can hold it: the bytes of a Parquet string as a string."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _first(record: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    """Give the first of these fields that says anything."""
    for name in names:
        value = as_text(record[name])
        if value is not None:
            return value
    return None
