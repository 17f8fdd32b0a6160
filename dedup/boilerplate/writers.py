"""Notes on who wrote a text, known by the name in the by-line: "Ada Berg has written for us since 2012, …"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from itertools import accumulate, dropwhile, takewhile
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate.names import BYLINE, DATE
from dedup.text.normal import is_no_space, normal_form

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from dedup.model import Paragraph

_REACH = 3  # paragraphs above a note within which the writer's name stands
_BESIDE = 2  # paragraphs from a date within which a name alone is the writer's
_HEADED = 2  # paragraphs above a note within which the name alone heads it
_LINE = 18  # words of a line that has the name
_NAME = (2, 4)  # words of a name
_LONGEST = 80  # characters of a name
_FIRST = 3  # letters of a first name that stands for the whole one
_MOST = 2  # persons at the most; a page with notes on more of them is a list of people
_SUBJECT = 3  # paragraphs behind a note with the whole name of which they all are: a town, or whom the text is about
_LAST = 0.25  # of a text's words that the note behind it has at the most
_ABOVE = 12  # lines above a text within which its writer's name stands
_LEAD = 160  # characters of a note within which a name stands that does not begin it
_SENTENCE = 4  # words of a sentence that a note may begin with
_ENTITLED = 6  # words of a line that names whom or what a note is on
# What such a line may begin with: "About Ada Berg", "À propos de Berg & Co", "Om Berg"; in normal form.
_ABOUT = frozenset(
    {
        *("about", "uber", "sobre", "acerca", "propos", "om", "over", "informazioni", "despre", "apie", "par", "tentang", "o"),
        *("о", "об", "про", "за"),  # noqa: RUF001 (Cyrillic)
    }
)
_OF = frozenset({"a", "de", "su"})  # between these words
# Words in small letters within the name of one person: "Ada van der Berg".
_PARTICLES = frozenset({"van", "von", "der", "den", "ter", "de", "la", "du", "da", "di", "del", "dos", "al", "bin", "ibn", "zu"})
_MARKS = ".,:;|/·•–—&()\"'“”"  # noqa: RUF001 (what stands between names)
_QUOTED = f"{_MARKS}«»„‘’"  # noqa: RUF001 (the name of a house may stand between them)


class Notes(NamedTuple):
    """The paragraphs that tell of the writer.

    Attributes:
        likely: by a name in a by-line, or one that stands alone in one short line and in another one, too.
        sure: by a name above the text, in a by-line or alone beside a date; with the lines from the name that heads the note.
    """

    likely: set[int]
    sure: set[int]


def notes(
    text: str, paragraphs: Sequence[Paragraph], rules: Sequence[str | None], running: Sequence[bool], article: int
) -> Notes:
    """The paragraphs of running text that tell of the writer: third person, by name.

    Such a paragraph begins with the whole name, or with the first name close below a line that has the whole one; and no
    text above it speaks of that person.

    Args:
        text: the document's.
        paragraphs: its paragraphs.
        rules: per paragraph the rule that knows it, or None.
        running: per paragraph whether it is running text.
        article: words of running text above a note, at the least.

    Returns:
        Their indices; none for a page without names of writers, and for a page on many people.
    """
    alone = [i for i, (p, rule) in enumerate(zip(paragraphs, rules, strict=True)) if rule is None and _is_name(text, p)]
    begun = next((i for i in range(len(running)) if running[i] and running[i + 1 : i + 2] == [True]), len(running))
    words = list(accumulate(p.size if runs else 0.0 for p, runs in zip(paragraphs, running, strict=True)))
    since = bisect_left(words, article) + 1
    sure = _of(text, paragraphs, running, since, _signed(text, paragraphs[:begun], rules, [i for i in alone if i < begun]))
    short = (p for p in paragraphs if 2 <= p.count <= _LINE and not p.good)
    lines_of = _lines_of({paragraphs[i].form for i in alone}, short)
    twice = {name for name, lines in lines_of.items() if lines > 1}
    likely = _of(text, paragraphs, running, since, twice | _signed(text, paragraphs, rules, []))
    return Notes(likely | sure, sure.union(*(headed(paragraphs, note) for note in sure)))


def _lines_of(names: Collection[str], paragraphs: Iterable[Paragraph]) -> Counter[str]:
    """In how many of some paragraphs each name stands."""
    first = {name.partition(" ")[0] for name in names}
    found: Counter[str] = Counter()
    for words in (p.form.split() for p in paragraphs) if names else ():
        begins = [i for i, word in enumerate(words) if word in first]
        runs = {" ".join(words[i : i + count]) for i in begins for count in range(_NAME[0], _NAME[1] + 1)}
        found.update(runs.intersection(names))
    return found


def _signed(text: str, paragraphs: Sequence[Paragraph], rules: Sequence[str | None], alone: Sequence[int]) -> set[str]:
    """The names in by-lines, and those that stand alone beside a date."""
    names = {paragraphs[i].form for i in alone if any(rule == DATE for rule in rules[max(0, i - _BESIDE) : i + _BESIDE + 1])}
    for paragraph, rule in zip(paragraphs, rules, strict=False):
        if rule == BYLINE and paragraph.count <= _LINE:
            names.update(_written(text[paragraph.start : paragraph.end].split()[1:]))
    return names


def _of(text: str, paragraphs: Sequence[Paragraph], running: Sequence[bool], since: int, names: Collection[str]) -> set[int]:
    """The notes on the persons of these names, from a paragraph on.

    Nobody writes of himself by name: no text above a note speaks of the person, nor does much of the text below it.
    """
    told = {
        i: name
        for i, runs in enumerate(running)
        if runs and i >= since and (name := _told_of(text, paragraphs, running, i, names))
    }
    spoken: dict[str, list[int]] = defaultdict(list)
    wanted = set(told.values())
    for index, runs in enumerate(running) if wanted else ():
        if runs:
            for run in wanted.intersection(_runs(paragraphs[index].form.split())):
                spoken[run].append(index)
    found: dict[int, str] = {}
    begun: dict[str, tuple[int, int]] = {}  # by first name: where the note begins, and its last paragraph so far
    for index, name in told.items():
        first = name.partition(" ")[0]
        start, last = begun.get(first, (index, index))
        start = start if index - last <= _REACH else index
        on_it = len(spoken[name]) - bisect_right(spoken[name], index + _REACH) >= _SUBJECT  # a town, say
        if not on_it and (_heads(paragraphs, index, name) or spoken[name][0] >= start):
            found[index] = name
            begun[first] = (start, index)
    return set(found) if len({name.partition(" ")[0] for name in found.values()}) <= _MOST else set()


def before_note(text: str, paragraphs: Sequence[Paragraph], running: Sequence[bool], start: int, end: int) -> int:
    """One past a text without the notes that end it, on persons or a house that the line above each note names.

    The line has nothing but a name, with a post or with "About" before it, and the note begins with its first word, or has the
    whole name in its first lines. Without "About" the text must not speak of the name, nor head another part so: it is on
    several persons, or on things.

    Args:
        text: the document's.
        paragraphs: its paragraphs.
        running: per paragraph whether it is running text.
        start: the text's first paragraph.
        end: one past its last one, which is running text.
    """
    for _ in range(_MOST):
        before = _before_last_note(text, paragraphs, running, start, end)
        if before == end:
            break
        end = before
    return end


def _before_last_note(text: str, paragraphs: Sequence[Paragraph], running: Sequence[bool], start: int, end: int) -> int:
    """One past a text without the last of the notes that end it."""
    first = end
    while first > start and (running[first - 1] or _is_said(text, paragraphs[first - 1])):
        first -= 1
    sizes = [p.size for p, runs in zip(paragraphs[start:end], running[start:end], strict=True) if runs]
    if first == start or sum(p.size for p in paragraphs[first:end]) > _LAST * sum(sizes):
        return end
    for index in range(first - 1, max(start, first - 1 - _HEADED), -1):
        if running[index]:
            break
        name, about = _entitled(text, paragraphs[index])
        told = name and (_begins(text, paragraphs[first], name) or _has_whole(text, paragraphs[first], name))
        if told and (about or _is_new(text, paragraphs, running, start, first, name)):
            return next(i for i in range(index, start - 1, -1) if i == start or running[i - 1])
    return end


def _is_said(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph is a sentence, though a short one, as notes begin with, and leads to nothing."""
    return paragraph.sentence and paragraph.count >= _SENTENCE and text[paragraph.end - 1] not in ":："  # noqa: RUF001


def _entitled(text: str, paragraph: Paragraph) -> tuple[list[str], bool]:
    """The words of the name that is all of a line, none where it is none, and whether "About" stands before it."""
    if not 1 <= paragraph.count <= _ENTITLED:
        return [], False
    words = text[paragraph.start : paragraph.end].split()
    named = list(dropwhile(lambda word: normal_form(word) in _ABOUT | _OF, words))
    about = any(normal_form(word) in _ABOUT for word in words[: len(words) - len(named)])
    bare = [word.strip(_QUOTED) for word in named]
    if not named or len(bare[0]) < _FIRST or not bare[0][0].isupper() or not _are_names(bare):
        return [], False
    return ([], False) if named[-1].endswith(":") and not about else (bare, about)


def _begins(text: str, paragraph: Paragraph, name: Sequence[str]) -> bool:
    """Whether a paragraph begins with a name's first word, and writes as the name does what else of it stands there."""
    written = [word.strip(_QUOTED) for word in text[paragraph.start : paragraph.start + _LONGEST].split()]
    first = written[0].removesuffix("'s").removesuffix("’s")  # noqa: RUF001 (the apostrophe)
    same = takewhile(lambda pair: pair[0].lower() == pair[1].lower(), zip(name[1:], written[1:], strict=False))
    return first == name[0] and all(a == b for a, b in same)


def _has_whole(text: str, paragraph: Paragraph, name: Sequence[str]) -> bool:
    """Whether a paragraph has a name of several words in its first lines: "Home from sea, Ada Berg writes on tides"."""
    return len(name) >= _NAME[0] and " ".join(name) in text[paragraph.start : min(paragraph.end, paragraph.start + _LEAD)]


def _is_new(  # noqa: PLR0913, PLR0917 (all that is known)
    text: str, paragraphs: Sequence[Paragraph], running: Sequence[bool], start: int, note: int, name: Sequence[str]
) -> bool:
    """Whether the text from a paragraph on up to a note is not on what the note's name begins with, nor on several such things.

    A name stands nowhere with a small letter; where other lines, too, name what the text below them begins with, each is a part.
    One whose whole name stands above the text wrote it, unless others' names do so who are told of, too.
    """
    word = normal_form(name[0]).partition(" ")[0]
    if text.find(word, paragraphs[start].start, paragraphs[note].end) >= 0:
        return False
    if any(running[i] and word in paragraphs[i].words for i in range(start, note)):
        return False
    parts = [i for i in range(start + 1, note) if running[i] and not running[i - 1]]
    heads = {i: _entitled(text, paragraphs[i - 1])[0] for i in parts}
    if _is_signed(paragraphs, running, start, name):
        told = (head for i, head in heads.items() if head and _begins(text, paragraphs[i], head))
        return sum(_is_signed(paragraphs, running, start, head) for head in told) < _MOST
    begins = paragraphs[note].words[:1] == [word]
    alike = (paragraphs[i].words[:1] == paragraphs[i - 1].words[:1] for i in parts)
    return not any(alike) and (begins or not any(_has_whole(text, paragraphs[i], head) for i, head in heads.items()))


def _is_signed(paragraphs: Sequence[Paragraph], running: Sequence[bool], start: int, name: Sequence[str]) -> bool:
    """Whether a line above a text, or its first one, has a name of several words."""
    lines = (paragraphs[i] for i in range(max(0, start - _ABOVE), start + 1) if not running[i])
    wanted = f" {normal_form(' '.join(name))} "
    return len(name) >= _NAME[0] and any(wanted in f" {p.form} " for p in lines if p.count <= _LINE)


def headed(paragraphs: Sequence[Paragraph], note: int) -> Iterator[int]:
    """The lines from the name that heads a note down to it: the name, a post, "Follow"."""
    first = paragraphs[note].form.partition(" ")[0]
    above = takewhile(lambda i: not paragraphs[i].good, range(note - 1, max(-1, note - 1 - _REACH), -1))
    yield from range(min((i for i in above if paragraphs[i].count <= _LINE and first in paragraphs[i].words), default=note), note)


def _is_name(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph is nothing but words that are written as names are.

    Where each character is a word, a line of a few is as well the name of a site or an entry of its menu.
    """
    if not _NAME[0] <= paragraph.count <= _NAME[1] or is_no_space(paragraph.form[0]):
        return False
    return _are_names(text[paragraph.start : paragraph.end].split())


def _are_names(words: Sequence[str]) -> bool:
    """Whether no word begins with a small letter, but for those between the names of persons ("van der")."""
    return all(not word[:1].islower() or word in _PARTICLES for word in words)


def _written(words: Sequence[str]) -> Iterator[str]:
    """The names among some words, in normal form: runs of words that begin with no small letter and no digit."""
    run: list[str] = []
    for word in [*words, ""]:
        bare = word.strip(_MARKS)
        if bare and not bare[0].islower() and not bare[0].isdigit():
            run.append(bare)
        if not bare or bare[0].islower() or bare[0].isdigit() or word[-1] in ",|;/":
            if _NAME[0] <= len(run) <= _NAME[1]:
                yield normal_form(" ".join(run))
            run = []


def _told_of(
    text: str, paragraphs: Sequence[Paragraph], running: Sequence[bool], index: int, names: Collection[str]
) -> str | None:
    """The writer's name, or first name, that a paragraph begins with, or None."""
    words, start = paragraphs[index].form.split(" ", _NAME[1])[: _NAME[1]], paragraphs[index].start
    for count in range(_NAME[1], _NAME[0] - 1, -1):
        if " ".join(words[:count]) in names and _are_names(text[start : start + _LONGEST].split()[:count]):
            return " ".join(words[:count])
    if len(words[0]) < _FIRST:
        return None
    above = [paragraphs[i] for i in range(max(0, index - _REACH), index) if not running[i] and paragraphs[i].count <= _LINE]
    near = (name for p in above for name in _outer(p.form.split()) if name in names)
    return words[0] if any(name.startswith(f"{words[0]} ") for name in near) else None


def _runs(words: Sequence[str]) -> Iterator[str]:
    """The runs of as many words as a name may have, and the words."""
    for count in (1, *range(_NAME[0], _NAME[1] + 1)):
        yield from (" ".join(words[i : i + count]) for i in range(len(words) - count + 1))


def _outer(words: Sequence[str]) -> Iterator[str]:
    """What may be a name at either end of a line."""
    for count in range(_NAME[0], _NAME[1] + 1):
        yield from (" ".join(words[:count]), " ".join(words[-count:]))


def _heads(paragraphs: Sequence[Paragraph], index: int, name: str) -> bool:
    """Whether a name stands alone right above a paragraph."""
    return any(paragraphs[above].form == name for above in range(max(0, index - _HEADED), index))
