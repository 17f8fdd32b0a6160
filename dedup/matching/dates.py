"""Dates as records give them, as instants that can be compared."""

from __future__ import annotations

import re
from array import array
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 10**6  # microseconds
_LONGEST = 64  # characters of a date

_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_SECONDS, _MILLISECONDS = (9, 10), (12, 13)  # digits of such a number of our days: from 1973 to 2286
_COMPACT = re.compile(r"([0-9]{8})([0-9]{6})")
_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-?W[0-9]{2}(?:-?[1-7])?)(?:[Tt ] *(.+))?")
_PART = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_UTC = re.compile(r" *(?:z|utc|gmt)", re.IGNORECASE)
_ZONE = re.compile(r"(.*?[0-9]) *(z|utc|gmt|[+-][0-9:]+)?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)
_HALF_DAY = re.compile(r"[0-9] *[ap]\.?m\b", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?:[a-z]+\.?,? +)?(?:(?P<month>[a-z]+)\.? +(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?"
    r"|(?P<day_>[0-9]{1,2})(?:st|nd|rd|th)?(?: of)? +(?P<month_>[a-z]+)\.?,?) +(?P<year>[0-9]{4})"
    r"(?:,? +(?:at +)?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))? *(?P<half>[ap])\.?m\.?)?",
    re.IGNORECASE,
)
"""As English-language sites write days: `Wednesday, May 1, 2024`, `1st of May 2024, 9:30 pm`."""


def instant(date: str) -> int | None:
    """The instant that a date names, in microseconds since 1970 (UTC); of a day, a month or a year its beginning.

    Known are ISO 8601 (days, weeks, months and years alone, too; a space for the `T`), the same without any signs between
    (`20240501`, `20240501093000`), and with slashes or dots, year first (`2024/5/1`), seconds and milliseconds since 1970 from 9
    and from 12 digits on, RFC 822 (`Wed, 1 May 2024 09:30:00 GMT`), and days in English (`May 1, 2024`, `1 May 2024, 9:30 pm`).
    Without a zone, or with a name for one that RFC 822 does not have, it is UTC.

    Returns:
        None for what is none of these: `10/02/2023` is in October or in February, and 0 stands for no date more often than
        for 1970.
    """
    text = date.strip()
    if len(text) > _LONGEST:
        return None
    number = _NUMBER.fullmatch(text)
    try:
        if number is not None:
            return _of_number(text, *number.groups())
        found = _of_iso(_YEAR_FIRST.sub(_dashed, text, count=1))
        if found is None and _MONTH.search(text):
            written = _WRITTEN.fullmatch(text)
            found = _of_written(written) if written else None if _HALF_DAY.search(text) else parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # the last ones: what `email` may make of no date
        return None
    return None if found is None else _microseconds(found)


def _of_number(text: str, sign: str, digits: str, fraction: str | None) -> int | None:
    if len(digits) in _SECONDS or len(digits) in _MILLISECONDS:
        unit = _SECOND if len(digits) in _SECONDS else _SECOND // 1000
        least = int((fraction or "").ljust(6, "0")[:6]) * unit // _SECOND
        return (int(digits) * unit + least) * (-1 if sign else 1)
    if sign or fraction:
        return None
    compact = _COMPACT.fullmatch(text)
    found = datetime.fromisoformat("T".join(compact.groups())) if compact else _of_iso(text)
    return None if found is None else _microseconds(found)


def _of_iso(text: str) -> datetime | None:
    part = _PART.fullmatch(text)
    if part is not None:
        return datetime(int(part[1]), int(part[2] or 1), 1)  # noqa: DTZ001 (the zone comes with the others')
    parts = _ISO.fullmatch(text)
    if parts is None:
        return None
    time = _ZONE.fullmatch(parts[2]) if parts[2] else None
    if time is None:
        return None if parts[2] else datetime.fromisoformat(parts[1])
    zone = "+00:00" if time[2] and _UTC.fullmatch(time[2]) else time[2] or ""
    return datetime.fromisoformat(f"{parts[1]}T{time[1]}{zone}")


def _dashed(date: re.Match[str]) -> str:
    return f"{date[1]}-{int(date[3]):02}-{int(date[4]):02}"


def _of_written(date: re.Match[str]) -> datetime | None:
    """A day in English, with or without its time; None where another word stands for the month."""
    name, day = (date["month"], date["day"]) if date["month"] else (date["month_"], date["day_"])
    if not _MONTH.fullmatch(name):
        return None
    hour = int(date["hour"] or 0)
    if date["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if date["half"].lower() == "p" else 0)
    month = _MONTHS.index(name[:3].lower()) + 1
    return datetime(int(date["year"]), month, int(day), hour, int(date["minute"] or 0), int(date["second"] or 0), tzinfo=UTC)


def _microseconds(found: datetime) -> int:
    aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND


class Dated(NamedTuple):
    """The dates of documents.

    Attributes:
        instants: `int64[documents]`, microseconds since 1970; 0 for those without a date.
        known: `bool[documents]`, whether there is a date that can be read.
        unread: how many have one that cannot.
        sample: the first of these.
    """

    instants: NDArray[np.int64]
    known: NDArray[np.bool_]
    unread: int
    sample: str | None


def dated(dates: Iterable[str | None]) -> Dated:
    """Read the dates of documents, in their order; 9 bytes of each are held."""
    instants, known = array("q"), bytearray()
    unread, sample = 0, None
    for date in dates:
        found = instant(date) if date else None
        if date and found is None:
            unread, sample = unread + 1, sample or date
        known.append(found is not None)
        instants.append(found or 0)
    return Dated(np.frombuffer(instants, np.int64), np.frombuffer(known, np.bool_), unread, sample)
