from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import report
from dedup.columns import Row
from dedup.engines import telling

texts = st.text(st.characters(codec=None) | st.sampled_from('\\"ué\ud800\udfff\n'), max_size=8)


@pytest.mark.parametrize("same", [True, False])
@given(texts, texts, st.dictionaries(texts, st.floats() | st.none() | texts, max_size=2))
def test_an_equal_document_is_named_at_the_end_of_the_line(
    same: bool, document: str, first: str, fields: dict[str, object]
) -> None:
    line = report.line({"kind": "document", "document": document, "fields": fields, "words": 12})
    columns = SimpleNamespace(content=np.array([0, 0 if same else 1]), rows=[Row(first, None, None, "")])
    told = telling._with_content(line, columns, 1)  # type: ignore[arg-type]
    if not same:
        assert told == line
        return
    entry = json.loads(line) | {"same_as": first}
    assert told == json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
