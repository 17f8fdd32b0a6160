"""The small types by which the stages meet. Offsets are code points of a document's text, end exclusive.

Findings and cuts are made by the million: they are not frozen, which would take three times as long to make; nobody changes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dedup.choices import Compression, Format

Kind = Literal["boilerplate", "repeat", "copy"]


class Span(NamedTuple):
    """A stretch of a document's text: `text[start:end]`."""

    start: int
    end: int


@dataclass(slots=True)
class Document:
    """One article or page.

    Attributes:
        id: what the document is called in reports; docs/cli.md tells where it comes from.
        text: the decoded text, without a byte order mark. Lone surrogates stand for themselves (JSON escapes) or for
            undecodable bytes (`surrogateescape`).
        site: what groups documents for learning; None: grouped with nothing.
        date: as the record gives it; None where it gives none.
        title: as the record gives it; None where it gives none.
        carried: fields of the record that the report shall carry along (`--fields`), by name.
    """

    id: str
    text: str
    site: str | None = None
    date: str | None = None
    title: str | None = None
    carried: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """One unit of an input: a whole text file, or one record of JSONL, CSV or Parquet.

    `before + raw + after` are the unit's bytes as they stood in the decompressed input, so that what is not cut passes through.

    Attributes:
        document: None when the record could not be read; then `reason` says why, and the bytes pass through unchanged.
        source: id of the input the record came from.
        number: 1-based number of the line (JSONL) or row (CSV, Parquet) where it starts; None for a text file.
        encoding: of `raw`, as Python names it ("utf-8", "utf-8-sig", "utf-16-le", "cp1252", …).
        raw: the original representation of the text: the file's bytes, the JSON string literal with its quotation marks, the CSV
            field with its quotation marks, the UTF-8 of a Parquet value.
        byte_offsets: maps ascending code point offsets of the text to byte offsets in `raw`.
        note: something the user should hear of, such as a guessed encoding.
        cleaned: the text without its cuts, once it was judged.
    """

    document: Document | None
    source: str
    number: int | None = None
    encoding: str = "utf-8"
    before: bytes = b""
    raw: bytes = b""
    after: bytes = b""
    byte_offsets: Callable[[Sequence[int]], list[int]] | None = None
    reason: str | None = None
    note: str | None = None
    cleaned: str | None = None


@dataclass(slots=True)
class Source:
    """One input to read.

    Attributes:
        id: the path relative to its root (`/` always, invalid bytes percent-escaped), or `-` for standard input.
        path: where to read; for standard input the spool, or None while it is streamed.
        format: how its bytes are laid out.
        compression: the ending that names it ("gz", "bz2", "xz", "zst"), or "".
        site: what its path says of its site (first folder below the root), or None.
        regular: whether the path was a regular file when it was found; False too where nobody looked.
        certain: whether the user, or an ending that means nothing else, says the format; else what does not fit it is taken for
            something of no concern.
    """

    id: str
    path: str | None
    format: Format
    compression: Compression = ""
    site: str | None = None
    regular: bool = False
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input or record that was not read, and why."""

    source: str
    reason: str
    record: int | None = None
    expected: bool = False
    """True for what every tree holds (hidden files, what is no text): counted and listed, but no failure."""


@dataclass(slots=True)
class Partner:
    """The other side of a verdict: the span that is kept."""

    document: str
    start: int
    end: int


@dataclass(slots=True)
class Finding:
    """One verdict on one span, with its reason and evidence.

    Attributes:
        rule: which rule spoke: "heading.related", "site.frequency", "repeat.contained", …
        score: how sure or how alike, 0 to 1; what it measures is the rule's (a share of documents, a containment).
        partner: for repeats and copies, the span that is kept.
        evidence: counts and samples: {"count": 212, "of": 240, "sample": [ids]} for what was learned, {"phrase": …} for phrases.
    """

    kind: Kind
    start: int
    end: int
    rule: str
    score: float = 1.0
    partner: Partner | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Cut:
    """A stretch to be taken out: a finding's paragraph with the gap after it, and the other verdicts on the same span."""

    start: int
    end: int
    finding: Finding
    also: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Paragraph:
    """A span of a document with what the stages know of it.

    Attributes:
        start: first code point.
        end: one past the last code point.
        form: the normal form: its words with single spaces.
        numbered: the form with each run of digits as `#`.
        key: the 64-bit name of that, under which the paragraph is counted; 0 without words.
        count: words of the form.
        size: length in words, where a character of a script without spaces counts as 1/1.7 of a word.
        sentence: whether it ends as a sentence does (in any script).
    """

    start: int
    end: int
    form: str
    numbered: str
    key: int
    count: int
    size: float
    sentence: bool

    def at(self, start: int, end: int) -> Paragraph:
        """The same paragraph in a text in which it stands elsewhere."""
        return Paragraph(start, end, self.form, self.numbered, self.key, self.count, self.size, self.sentence)

    @property
    def words(self) -> list[str]:
        """The words of the normal form."""
        return self.form.split()

    @property
    def good(self) -> bool:
        """Whether it reads like running text: a sentence of twelve words or more."""
        return self.sentence and self.size >= GOOD_SIZE

    @property
    def says(self) -> bool:
        """Whether it is a sentence of four words or more: of such a text may be that has no running text."""
        return self.sentence and self.size >= SAYS_SIZE


GOOD_SIZE = 12
"""Words from which a sentence counts as running text; menu entries, titles and stamps are shorter."""
SAYS_SIZE = 4
"""Words from which a sentence says something; shorter ones are calls and buttons."""
