from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.matching.dates import dated, instant

NOON = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    "date",
    [
        "2024-05-01T09:30:00Z",
        "2024-05-01T09:30Z",
        " 2024-05-01 09:30:00\n",
        "2024-05-01t09:30z",
        "2024-05-01T09:30:00.000000000+00:00",
        "2024-05-01 11:30:00 +0200",
        "2024-05-01T05:30:00-04:00",
        "2024-05-01 09:30:00 UTC",
        "2024-05-01T09:30+00",
        "20240501T0930",
        "20240501093000",
        "2024-W18-3T09:30",
        "1714555800",
        "1714555800.0",
        "1714555800000",
        "Wed, 01 May 2024 09:30:00 GMT",
        "Wed, 1 May 2024 11:30:00 +0200 (CEST)",
        "1 May 24 05:30:00 EDT",
        "Wed May  1 09:30:00 2024",
        "Wed May 01 09:30:00 +0000 2024",
        "2024/05/01 09:30",
        "2024/5/1 09:30:00Z",
        "2024.05.01 09:30",
        "May 1, 2024 9:30 AM",
        "Wednesday, May 1st, 2024 at 09:30:00 a.m.",
        "1 May 2024, 9:30am",
    ],
)
def test_one_instant_in_many_writings(date: str) -> None:
    assert instant(date) == microseconds(NOON)


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("20240501", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-W18", datetime(2024, 4, 29, tzinfo=UTC)),
        ("2024/05/01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024.5.1", datetime(2024, 5, 1, tzinfo=UTC)),
        ("May 1, 2024", datetime(2024, 5, 1, tzinfo=UTC)),
        ("Sept. 3rd 2024", datetime(2024, 9, 3, tzinfo=UTC)),
        ("the 1st of May 2024", datetime(2024, 5, 1, tzinfo=UTC)),
        ("Wed, 1 May 2024", datetime(2024, 5, 1, tzinfo=UTC)),
        ("May 1, 2024 12:05 am", datetime(2024, 5, 1, 0, 5, tzinfo=UTC)),
        ("May 1, 2024 12:05 PM", datetime(2024, 5, 1, 12, 5, tzinfo=UTC)),
        ("1 May 2024 09:30 pm", datetime(2024, 5, 1, 21, 30, tzinfo=UTC)),
        ("999999999", datetime(2001, 9, 9, 1, 46, 39, tzinfo=UTC)),
        ("999999999.25", datetime(2001, 9, 9, 1, 46, 39, 250_000, tzinfo=UTC)),
        ("999999999999.5", datetime(2001, 9, 9, 1, 46, 39, 999_500, tzinfo=UTC)),
        ("-999999999", datetime(1938, 4, 24, 22, 13, 21, tzinfo=UTC)),
        ("0001-01-01T00:00+14:00", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
        ("9999-12-31T23:59-14:00", datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-14)))),
    ],
)
def test_what_is_less_exact_names_its_beginning(date: str, moment: datetime) -> None:
    assert instant(date) == microseconds(moment)


@pytest.mark.parametrize(
    "date",
    [
        *(
            "",
            " ",
            "10/02/2023",
            "02.10.2023",
            "10-02-2023",
            "yesterday",
            "May",
            "may 12 people",
            "Maybe 1 maximal 2024",
            "May 32, 2024",
            "May 1, 2024 13:05 pm",
            "May 1, 2024 9:30 pm EST",
            "2024/13/01",
            "2024/05.01",
            "2024/05/011",
            "1 May",
            "true",
            "09:30",
            "nan",
        ),
        *("0", "-1", "1e9", "17000000001", "170000000012345", "12345678901234567890", "99999999", "-2024", "2024.5"),
        *("2024-13-01", "2024-02-30", "2024-00", "0000", "2024-05-01T", "2024-05-01T25:00", "2024-05-01-07:00", "2024-05-01x09"),
        *(
            "20241301000000",
            "2024-W60",
            "\uff12\uff10\uff12\uff14-05-01",
            "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
        ),
        *("Wed, 99 May 2024 09:30:00 GMT", "1 May 2024 09:30:00 +9999", "1 May 2024 09:30:00 " + "x" * 99, "2" * 5000),
    ],
)
def test_what_is_no_date_or_may_be_two_is_none(date: str) -> None:
    assert instant(date) is None


zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=zones)


@given(moments)
def test_all_that_python_writes_is_read(moment: datetime) -> None:
    for written in (moment.isoformat(), moment.isoformat(" "), str(moment)):
        assert instant(written) == microseconds(moment)
    if moment.year >= 1000:
        assert instant(format_datetime(moment)) == microseconds(moment.replace(microsecond=0))
    assert instant(moment.date().isoformat()) == microseconds(
        moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    )


@given(st.text() | st.from_regex(r"[0-9:T+. ,-]{1,30}|(Mon, )?[0-9]{1,3} (May|Dec)[a-z ]? [0-9: +-]{0,20}", fullmatch=True))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = instant(text)
    assert found is None or -(2**63) < found < 2**63


def test_dates_of_documents() -> None:
    found = dated(["2024", None, "soon", "", "1/2/03", "1700000000"])
    assert found.instants.tolist() == [instant("2024"), 0, 0, 0, 0, 1_700_000_000_000_000]
    assert found.known.tolist() == [True, False, False, False, False, True]
    assert (found.unread, found.sample) == (2, "soon")
    assert dated([]).instants.tolist() == []
