"""What a user can set, checked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import TYPE_CHECKING

from dedup.choices import MODES
from dedup.errors import UsageError

if TYPE_CHECKING:
    from dedup.choices import Mode

_SHINGLES = 10  # of a document that is compared, at the least


def tuple_of_texts(name: str, value: Iterable[str]) -> tuple[str, ...]:
    """Texts as settings hold them.

    Raises:
        UsageError: it is one text, whose characters nobody means, or no list of texts; `name` is that of the setting.
    """
    listed = (value,) if isinstance(value, str) or not isinstance(value, Iterable) else tuple(value)
    if isinstance(value, str) or not all(isinstance(one, str) for one in listed):
        example = f", such as [{value!r}]" if isinstance(value, str) else ""
        raise UsageError(f"{name} {value!r}: give a list of texts{example}")
    return listed


def check_text(name: str, value: object, *, optional: bool = False) -> None:
    """Refuse what is no text.

    Raises:
        UsageError: it is none; `name` is what it is called.
    """
    if not isinstance(value, str) and not (optional and value is None):
        hint = ": decode it first" if isinstance(value, (bytes, bytearray)) else ""
        raise UsageError(f"{name}: pass a str{' or None' if optional else ''}, not {kind_of(value)}{hint}")


def check_flag(name: str, value: object) -> None:
    """Refuse what is neither true nor false: a word like "no" would count as true.

    Raises:
        UsageError: it is something else.
    """
    if value is not True and value is not False and type(value).__name__ not in {"bool", "bool_"}:  # numpy's, too
        raise UsageError(f"{name} {value!r}: give True or False")


def check_count(name: str, value: object) -> None:
    """Refuse what is no number of things.

    Raises:
        UsageError: it is none, or below 0.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < 0:
        raise UsageError(f"{name} {value!r}: give a whole number, 0 or more")


def kind_of(value: object) -> str:
    """What a value is, for who passed another one than was asked for."""
    return "None" if value is None else f"a value of type {type(value).__name__}"


def _check_number(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise UsageError(f"{name} {value!r}: give a number")


@dataclass(frozen=True, slots=True)
class RepeatSettings:
    """How alike two paragraphs of one document must be.

    Attributes:
        near: Jaccard of their 3-word shingles from which they are one.
        contained: share of the shorter one's shingles that the longer one must hold.
    """

    near: float = 0.8
    contained: float = 0.8


@dataclass(frozen=True, slots=True)
class SectionSettings:
    """When a heading ends the article.

    Attributes:
        before: share of the page's running text that must stand before a heading for all that follows it to go.
        before_stamped: the same where stamped comments follow: fewer would make the page a discussion.
    """

    before: float = 0.5
    before_stamped: float = 0.05


@dataclass(frozen=True, slots=True)
class LearnSettings:
    """On how many documents a paragraph must stand to be furniture. The floors grow with the site's size.

    Attributes:
        floor: documents at the least, on any site.
        growth: times the square root of the site's documents, for lines.
        share_sentence: of the site's documents, for sentences of 12 words or more.
        share_long: of the site's documents, for paragraphs of more than 40 words.
        share_edge: of the site's documents, for sentences that begin or end the first or last paragraph.
        any_floor: documents at the least, for lines counted over all sites.
        any_share: of all documents, for these.
    """

    floor: int = 3
    growth: float = 1.0
    share_sentence: float = 0.1
    share_long: float = 0.25
    share_edge: float = 0.1
    any_floor: int = 20
    any_share: float = 0.01


@dataclass(frozen=True, slots=True)
class MainSettings:
    """What makes the main block of a whole page.

    Attributes:
        words: of running text that a main block is worth at the least; a page with less has none.
        share: of the best block's worth, for blocks before it.
        share_after: the same for blocks behind it, where teasers and notices stand: one has to be worth as much as the best.
    """

    words: int = 60
    share: float = 0.05
    share_after: float = 1.0


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """What `clean` takes out and what it spares.

    Attributes:
        paragraphs: how texts are split.
        keep: kinds and rules that are spared: "repeat", "boilerplate.share", "heading" (a name spares all below it).
        strip: rules that are kept by default and shall go: "page.date", "byline", "byline.agency".
        min_kept: words; a document that would keep fewer, and few of its sentences, is left alone.
        min_kept_share: of the words of its running text.
        learn: whether the input's own counts judge it.
        main: thresholds for the main block of whole pages; None: what stands outside of it stays.
        repeats: thresholds for repeats.
        sections: thresholds for sections.
        learning: floors of the counts.

    Raises:
        UsageError: a value or a name that does not exist.
    """

    paragraphs: Mode = "auto"
    keep: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    min_kept: int = 25
    min_kept_share: float = 0.2
    learn: bool = True
    main: MainSettings | None = None
    repeats: RepeatSettings = field(default_factory=RepeatSettings)
    sections: SectionSettings = field(default_factory=SectionSettings)
    learning: LearnSettings = field(default_factory=LearnSettings)

    def __post_init__(self) -> None:
        if self.paragraphs not in MODES:
            raise UsageError(f"paragraphs {self.paragraphs!r}: choose one of {', '.join(MODES)}")
        for name in ("keep", "strip"):
            tuple_of_texts(name, getattr(self, name))
        for name in ("min_kept", "min_kept_share"):
            _check_number(name, getattr(self, name))
        if not self.min_kept >= 0:  # NaN is refused, too
            raise UsageError(f"--min-kept {self.min_kept}: give a number of words, 0 or more")
        if not 0 <= self.min_kept_share <= 1:
            raise UsageError(f"min_kept_share {self.min_kept_share}: give a share from 0 to 1")


@dataclass(frozen=True, slots=True)
class FindSettings:
    """How alike paragraphs and documents must be, and what keeps large inputs bounded.

    Attributes:
        shingle: words of a paragraph's shingle: a lead of 30 words with three changed still shares most of them.
        document_shingle: words of a document's shingle: long texts share short ones by chance.
        threshold: Jaccard from which two paragraphs are one family and two documents near-duplicates.
        contained: share of the smaller one's shingles that the larger must hold; as much as `threshold` at the least, else what
            is less alike than that would be one by being contained: no Jaccard is above a containment.
        partial: Jaccard from which a pair of documents is worth telling.
        partial_contained: the same by the smaller one's share.
        recall: of pairs at the threshold that banding must find.
        strip: whether boilerplate and repeats are taken out before texts are compared.
        family_cap: documents; a family on more of them proposes no pairs.
        cluster_cap: documents; of a larger cluster all pairs that join it are told, equal documents too, while such pairs are
            fewer than the documents of the input; else (contents) each is paired with the one kept only.
        sample: one of so many shingles is looked at to find contained documents.
        sample_cap: documents; a sampled shingle in more of them proposes no pairs.

    Raises:
        UsageError: a value that cannot be.
    """

    shingle: int = 3
    document_shingle: int = 5
    threshold: float = 0.5
    contained: float = 0.8
    partial: float = 0.25
    partial_contained: float = 0.4
    recall: float = 0.99
    strip: bool = True
    family_cap: int = 50
    cluster_cap: int = 50
    sample: int = 8
    sample_cap: int = 64

    @property
    def least(self) -> int:
        """Words of a document that is compared; a shorter one is like no other, be it equal, and never dropped.

        It has ten shingles: of fewer, one alone moves the Jaccard by more than a tenth, and stock lines and titles, which no
        one copied from anyone, are as short ("Get our news by entering your address below").
        """
        return self.document_shingle + _SHINGLES - 1

    def __post_init__(self) -> None:
        for name in ("threshold", "contained", "partial", "partial_contained"):
            value = getattr(self, name)
            _check_number(name, value)
            if not 0 < value <= 1:
                raise UsageError(f"{name} {value}: give a share above 0, and 1 at most")
        _check_number("recall", self.recall)
        if not 0 < self.recall < 1:
            raise UsageError(f"--recall {self.recall}: give a share between 0 and 1, such as 0.99")
        for name in ("shingle", "document_shingle", "family_cap", "cluster_cap", "sample", "sample_cap"):
            _check_number(name, getattr(self, name))
            if getattr(self, name) < 1:
                raise UsageError(f"{name} {getattr(self, name)}: give 1 or more")
        object.__setattr__(self, "contained", max(self.contained, self.threshold))
