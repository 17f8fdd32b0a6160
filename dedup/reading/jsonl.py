"""Reads JSON Lines, and finds in each line the literal of its text, so that what is not cut keeps its bytes."""

from __future__ import annotations

import json
import re
from collections import deque
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import orjson

from dedup.errors import InputError
from dedup.model import Record
from dedup.reading.encodings import UTF8_MARK, wide
from dedup.reading.fields import Describer, Fields, Roles, bring_up, find_roles, lacks_text, leads_inside, reach
from dedup.reading.foreign import why_no_lines
from dedup.reading.literal import LiteralSpan, find_literal, literal_offsets
from dedup.reading.text import BinaryError, refuse_binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dedup.model import Source
    from dedup.reading.compression import Reader
    from dedup.reading.names import Ids

_MAX_DIGITS = 4000
"""Longer integers are read as floats, or as their digits: Python refuses to turn more than 4,300 digits into an integer."""
_NOWHERE = LiteralSpan(0, 0)
_PLAIN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)?", re.ASCII)
"""A field, or one within another, as jq takes it without quotation marks."""
_CACHED = 1024
"""So many different sets of field names are remembered at most."""


def read_jsonl(  # noqa: PLR0913  # what `read` hands on
    source: Source,
    stream: Reader,
    fields: Fields,
    ids: Ids,
    site: str | None,
    *,
    any_bytes: bool = False,
    bare: bool = False,
) -> Iterator[Record]:
    """Read a stream line by line; blank lines are records without document and reason.

    Lines end with a newline only; a carriage return before it is kept, as is a byte order mark before a record.
    `bare`: no literal is looked for, and the records hold no bytes.

    Raises:
        BinaryError: the stream is no text, unless `any_bytes`; or it is other JSON, and nobody said that it were JSON Lines.
        InputError: it is UTF-16 or UTF-32, other JSON, or damaged; what precedes the damage has been given.
    """
    head = stream.peek()
    encoding = wide(head)
    if encoding is not None:
        name = encoding[:6].upper()
        raise InputError(source.id, f"is {name}; JSON Lines are read as UTF-8 only (iconv -f {name} -t UTF-8)")
    if not any_bytes:
        refuse_binary(source.id, head)
    opening = _Opening(stream)
    opening.check(source)
    lines = _Lines(source, fields, ids, site, bare=bare)
    note = stream.note
    given = 0
    try:
        for record in map(lines.record, opening.lines(), count(1)):  # no line is kept, however long
            given += 1
            if note is not None and record.document is not None:
                record.note, note = note if record.note is None else f"{note}; {record.note}", None
            yield record
    except InputError as error:
        if given:
            raise InputError(source.id, f"damaged after record {given}: {error.reason}") from error
        raise


class _Opening:
    """A stream whose first lines are looked at before it is read."""

    def __init__(self, stream: Reader) -> None:
        self._stream = stream
        self._taken: deque[bytes] = deque()
        self._broken: InputError | None = None

    def following(self) -> bytes:
        """Look at the next line that is not blank; b"" at the end, and where the stream is damaged, which is put off."""
        try:
            for line in self._stream:
                self._taken.append(line)
                if not line.removeprefix(UTF8_MARK).isspace():
                    return line
        except InputError as error:
            self._broken = error
        return b""

    def lines(self) -> Iterator[bytes]:
        """Give all lines from the first on; none is held any longer.

        Raises:
            InputError: here the stream is damaged.
        """
        while self._taken:
            yield self._taken.popleft()
        if self._broken is not None:
            raise self._broken
        yield from self._stream

    def check(self, source: Source) -> None:
        """Refuse JSON that is no JSON Lines.

        Raises:
            BinaryError: it is that.
            InputError: it is, though the user or its name says otherwise.
        """
        reason = why_no_lines(self.following(), self.following, certain=source.certain)
        if reason is not None:
            raise (InputError if source.certain else BinaryError)(source.id, reason)


class _Refused(Exception):  # noqa: N818  # not an error of the program: why a record is passed over
    """Why a line is no record with a text."""


class _Lines:
    """Makes records of the lines of one input."""

    def __init__(self, source: Source, fields: Fields, ids: Ids, site: str | None, *, bare: bool) -> None:
        self._source = source.id
        self._fields = fields
        self._ids = ids
        self._describer = Describer(fields, source.id, source.site, site)
        self._roles: dict[tuple[str, ...], Roles] = {}
        self._noted: set[str] = set()
        self._bare = bare

    def record(self, line: bytes, number: int) -> Record:
        """Make the record of a line with its line end."""
        mark = len(UTF8_MARK) if line.startswith(UTF8_MARK) else 0
        body = line[mark:]
        try:
            values = _parse(body)
            roles = self._find_roles(values)
            key = self._text_key(values, roles)
            if len(roles.text) > 1:
                sizes = {name: len(text) for name in roles.text if isinstance(text := values[name], str)}
                self._fields.weigh(sizes, f"{self._source}:{number}")
        except _Refused as refused:
            blank = not body or body.isspace()
            return Record(None, self._source, number, before=line, reason=None if blank else str(refused))
        text = values[key]
        span = _NOWHERE if self._bare else find_literal(body, key)
        if span is None or not isinstance(text, str):
            return Record(None, self._source, number, before=line, reason="its text cannot be located in the line")
        if roles.nested:
            bring_up(values, roles, self._fields)
        _restore_integers(values, body, roles.id)
        if self._fields.carried:
            _restore_integers(values, body, self._fields.carried)
        own_id = self._ids.unique(self._describer.own_id(values, roles, number))
        document = self._describer.document(values, roles, own_id, text)
        if self._bare:
            return Record(document, self._source, number, note=self._note(roles))
        start, end = span[0] + mark, span[1] + mark
        raw = line[start:end]
        offsets = partial(literal_offsets, raw, text)
        return Record(document, self._source, number, "utf-8", line[:start], raw, line[end:], offsets, None, self._note(roles))

    def _find_roles(self, values: dict[str, object]) -> Roles:
        names = tuple(values)
        roles = self._roles.get(names)
        if roles is None:
            if len(self._roles) >= _CACHED:
                self._roles.clear()
            roles = self._roles[names] = find_roles(names, self._fields, objects=True)
        return roles

    def _text_key(self, values: dict[str, object], roles: Roles) -> str:
        for name in roles.text:
            if isinstance(values[name], str):
                return name
        if roles.text:
            raise _Refused(_no_string(roles.text[0], values[roles.text[0]]))
        named = self._fields.text
        if named is not None and leads_inside(named, values):
            raise _Refused(f"lacks the field {named!r}: the text must stand at the top of a record (jq -c '.text = .{named}')")
        raise _Refused(lacks_text(values, self._fields))

    def _note(self, roles: Roles) -> str | None:
        """Tell of missing named fields, each combination once."""
        note = roles.note
        if note is None or note in self._noted:
            return None
        self._noted.add(note)
        return note


def _parse(body: bytes) -> dict[str, object]:
    """Read a JSON object with the fast library, and what it refuses (NaN, lone surrogates) with the standard one."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = _parse_standard(body.rstrip(b"\r\n"))
    if isinstance(value, dict):
        return value
    raise _Refused(f"is no JSON object, but {_KINDS[type(value)]}")


_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _no_string(name: str, value: object) -> str:
    """Say that a text is none, and how it becomes one where strings are in it."""
    told = f"the field {name!r} is no string, but {_KINDS[type(value)]}"
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value) and _PLAIN.fullmatch(name):
        return f"{told} (jq -c '.{name} |= join(\"\\n\\n\")' makes one text of it)"
    if isinstance(value, dict):
        inside = find_roles(tuple(value), Fields()).text or tuple(value)
        strings = [inner for inner in inside if isinstance(value[inner], str)]
        if strings and _PLAIN.fullmatch(f"{name}.{strings[0]}"):
            return f"{told}: the text must stand at the top of a record (jq -c '.text = .{name}.{strings[0]}')"
    return told


def _parse_standard(body: bytes, too_long: Callable[[str], object] = float) -> object:
    try:
        return json.loads(body.decode("utf-8"), parse_int=lambda digits: _integer(digits, too_long))
    except UnicodeDecodeError as error:
        raise _Refused(f"not UTF-8 at byte {error.start + 1} of the line") from error
    except json.JSONDecodeError as error:
        goes_on = error.msg == "Extra data" and error.doc.startswith("{", error.pos)
        several = " (several records in one line: jq -c . makes a line of each)" if goes_on else ""
        raise _Refused(f"not JSON: {error.msg} at character {error.pos + 1}{several}") from error
    except RecursionError as error:
        raise _Refused("nested too deeply") from error


def _integer(digits: str, too_long: Callable[[str], object]) -> object:
    return int(digits) if len(digits) <= _MAX_DIGITS else too_long(digits)


def _restore_integers(values: dict[str, object], body: bytes, names: Iterable[str]) -> None:
    """Read again, exactly, what of these is an integer beyond 64 bits, of which a float was made: digits where it is too long."""
    floats = [name for name in names if isinstance(values.get(name), float)]
    if floats:
        exact = _parse_standard(body, str)
        values.update((name, reach(exact, name)) for name in floats)
