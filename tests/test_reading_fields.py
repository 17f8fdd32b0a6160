from __future__ import annotations

from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from dedup.reading.fields import host


@given(st.text("htps:/w.aB-9@[?#] \t\né%_", max_size=25).map("http://{}".format) | st.text(max_size=10))
@example("HTTPS://WWW.a.example:80/b")
@example("https://www.A.example.")
@example("http://a.example\n/b")
@example("http://www./x")
def test_a_url_names_the_host_that_parsing_it_finds(url: str) -> None:
    bare = "//" not in url
    try:
        name = urlsplit(f"//{url.strip()}" if bare else url.strip()).hostname
    except ValueError:
        name = None
    wanted = name and not (bare and "." not in name) and name.removesuffix(".").removeprefix("www.")
    assert host(url) == (wanted or None)
