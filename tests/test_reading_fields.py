from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.reading.fields import host


@given(st.text("htps:/w.aB-9@[?#] \t\né%_", max_size=25).map("http://{}".format) | st.text(max_size=10))
@example("HTTPS://WWW.a.example:80/b")
@example("https://www.A.example.")
@example("http://a.example\n/b")
@example("http://www./x")
def test_a_url_names_the_host_that_parsing_it_finds(url: str) -> None:
    bare = re.match(r"([^/?#]*:)?//", url.strip()) is None
    try:
        name = urlsplit(f"//{url.strip()}" if bare else url.strip()).hostname
    except ValueError:
        name = None
    wanted = name and not (bare and "." not in name) and name.removesuffix(".").removeprefix("www.")
    assert host(url) == (wanted or None)


@pytest.mark.parametrize(
    "url", ["a.example//b", "www.a.example/b//c", "a.example/go?to=https://b.example/c", "a.example:80//b", "//a.example//b"]
)
def test_two_slashes_behind_the_host_are_no_scheme_s(url: str) -> None:
    assert host(url) == "a.example"
