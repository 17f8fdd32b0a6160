from __future__ import annotations

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.engines import found_report
from dedup.model import Document, Record
from dedup.reporting import report
from dedup.reporting.representation import digest

texts = st.text(st.characters(codec=None) | st.sampled_from('\\"ué\ud800\udfff\n'), max_size=8)


@pytest.mark.parametrize("same", [True, False])
@given(texts, texts, st.dictionaries(texts, st.floats() | st.none() | texts, max_size=2))
def test_an_equal_document_is_named_at_the_end_of_the_line(
    same: bool, document: str, first: str, fields: dict[str, object]
) -> None:
    line = report.line({"kind": "document", "document": document, "fields": fields, "words": 12})
    columns = SimpleNamespace(content=np.array([0, 0 if same else 1]), rows=SimpleNamespace(id=[first].__getitem__))
    told = found_report._with_content(line, columns, 1)  # type: ignore[arg-type]
    if not same:
        assert told == line
        return
    entry = json.loads(line) | {"same_as": first}
    assert told == json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


@given(st.tuples(texts, texts, texts | st.none(), texts | st.none()), st.dictionaries(texts, st.floats() | texts, max_size=2))
def test_the_line_of_a_document_is_that_of_its_entry(
    told: tuple[str, str, str | None, str | None], fields: dict[str, object]
) -> None:
    name, source, site, note = told
    stream = io.BytesIO()
    record = Record(Document(name, "x", site, carried=fields), source, 3 if site else None, raw=b"x", note=note)
    report.Report(stream).document(record, b"", 12)
    entry: dict[str, object] = {"kind": "document", "document": name, "source": source}
    entry |= {"record": 3} if site else {}
    entry |= {} if site is None else {"site": site}
    entry |= {"fields": fields} if fields else {}
    entry |= {"encoding": "utf-8", "digest": digest(b"x"), "digest_clean": digest(b""), "words": 12}
    entry |= {"note": note} if note else {}
    assert stream.getvalue() == report.line(entry)
