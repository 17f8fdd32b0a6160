"""What is known of a site's furniture, and the editable TOML files that hold it."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeGuard
from urllib.parse import quote

import xxhash

from dedup.boilerplate import toml_files
from dedup.errors import ReportError, UsageError, os_reason
from dedup.text import normal

ANY_SITE = ""
"""Stands for "whatever the site" where a site's name is asked for; no site has an empty name."""

FORMAT = 1

_KEYS = ("format", "site", "documents", "line", "edge")
_ENTRY_KEYS = ("text", "count", "sample", "heads", "below")

_BLANK = re.compile(r"\n\s*\n")
_GLUED = 8  # words from which a line that ends a text is the site's, whatever stands before it
_CLOSING = 0.05  # of a site's documents: what most of them close with stands on lines of its own on some
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""What Windows takes for a device, whatever ending stands behind it."""
_LONGEST_NAME = 200  # bytes of a file's name without hash and ending; file systems allow 255


@dataclass(frozen=True, slots=True)
class Known:
    """What was learned of one paragraph or sentence.

    Attributes:
        count: documents that it stands on.
        of: documents of the site.
        sample: three of the ids.
        below: by `normal.text_key`, the paragraphs that stand right above it on two documents or more: its usual places.
        heads: documents on which it stands above all running text or begins it; where there is none, above all sentences or so.
        words: of the paragraph or sentence; 0 where nobody counted them.
    """

    count: int
    of: int
    sample: tuple[str, ...]
    below: frozenset[int] = frozenset()
    heads: int = 0
    words: int = 0


@dataclass
class Profile:
    """What is known of one site.

    Attributes:
        site: its name, or `ANY_SITE`.
        documents: how many were learned from.
        lines: by `normal.text_key` of a paragraph that stands on many documents.
        edges: by `normal.text_key` of sentences that begin or end the first or last paragraph of many documents.
    """

    site: str
    documents: int
    lines: dict[int, Known] = field(default_factory=dict)
    edges: dict[int, Known] = field(default_factory=dict)

    @functools.cached_property
    def closing(self) -> dict[int, Known]:
        """Its lines that many documents have and that are long enough to be known where they are glued to the end of a text."""
        lines = self.lines.items()
        return {key: line for key, line in lines if line.words >= _GLUED and line.count >= _CLOSING * line.of}

    @functools.cached_property
    def lengths(self) -> frozenset[int]:
        """The numbers of words of the `closing` lines."""
        return frozenset(line.words for line in self.closing.values())

    @functools.cached_property
    def edge_lengths(self) -> frozenset[int]:
        """The numbers of words of its `edges`."""
        return frozenset(edge.words for edge in self.edges.values())


def merged(profiles: Mapping[str, Profile], site: str | None) -> list[tuple[str, Profile]]:
    """The profiles that judge a document of a site, the site's own first; each with its scope, by which its rules begin."""
    chosen = []
    if site and site in profiles:
        chosen.append(("site", profiles[site]))
    if ANY_SITE in profiles:
        chosen.append(("corpus", profiles[ANY_SITE]))
    return chosen


def given(profile: str | Path | Mapping[str, Profile]) -> Mapping[str, Profile]:
    """Profiles by site, as they are given in Python: already so, or where they lie (see `load`).

    Raises:
        UsageError: it is neither.
        ReportError: they cannot be read.
    """
    if isinstance(profile, str | Path):
        return load(profile)
    if isinstance(profile, Mapping) and all(isinstance(one, Profile) for one in profile.values()):
        return profile
    raise UsageError("profile: pass the path of a folder or file of profiles, or profiles by site (of `dedup.learn`)")


def files_of(folder: Path) -> list[Path]:
    """The profiles that lie in a folder; hidden files, which editors and systems leave, are none.

    Raises:
        ReportError: it may not be looked into, of which `Path.glob` says nothing.
    """
    try:
        return sorted(file for file in folder.iterdir() if file.name.endswith(".toml") and file.name[0] != ".")
    except OSError as error:
        raise ReportError(f"{folder}: cannot be read: {os_reason(error)}") from error


def load(folder: str | Path) -> dict[str, Profile]:
    """Read the profiles of a folder (its `*.toml` files, without hidden ones), or the one of a single file.

    Raises:
        ReportError: the path is missing, holds no profile, or a file is not a profile; the message names file and entry.
    """
    path = Path(folder)
    files = files_of(path) if os.path.isdir(path) else [path]  # noqa: PTH112 (which asks without errors)
    if not files:
        raise ReportError(f"{path}: no profile (*.toml) in this folder; make one with `dedup learn … -o {path}`")
    profiles: dict[str, Profile] = {}
    for file in files:
        profile = _read(file)
        if profile.site in profiles:
            raise ReportError(f"{file}: a second profile of the site {profile.site!r}")
        profiles[profile.site] = profile
    return profiles


def _read(file: Path) -> Profile:
    if os.path.exists(file) and not os.path.isfile(file):  # noqa: PTH110, PTH113 (as above)
        raise ReportError(f"{file}: is no file")  # a pipe would be waited for
    data = toml_files.read(file, f"{file}: not a profile")
    site, documents = data.get("site"), data.get("documents")
    if data.get("format") != FORMAT:
        raise ReportError(f"{file}: not a profile of format {FORMAT} (its first line should be `format = {FORMAT}`)")
    if not isinstance(site, str) or not _is_count(documents):
        raise ReportError(f"{file}: needs `site` (a text) and `documents` (a number)")
    toml_files.check_keys(data, _KEYS, str(file), "`{}`".format)
    profile = Profile(site, documents)
    for name, known in (("line", profile.lines), ("edge", profile.edges)):
        entries = data.get(name, [])
        for number, entry in enumerate(entries if isinstance(entries, list) else [None], 1):
            text, value = _entry(file, name, number, entry, profile.documents)
            known[normal.text_key(text)] = value if site != ANY_SITE else replace(value, words=0)  # sought on their own only
    return profile


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _entry(file: Path, name: str, number: int, entry: object, documents: int) -> tuple[str, Known]:
    """One `[[line]]` or `[[edge]]`: its text is needed; a line added by hand needs no more."""
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        raise ReportError(f"{file}: [[{name}]] number {number} needs a `text`")
    toml_files.check_keys(entry, _ENTRY_KEYS, f"{file}: [[{name}]] number {number}", "`{}`".format)
    count, sample, below = entry.get("count", documents), entry.get("sample", []), entry.get("below", [])
    heads = entry.get("heads", count if name == "line" else 0)
    if not _is_count(count) or not _is_count(heads):
        raise ReportError(f"{file}: [[{name}]] number {number}: `count` and `heads` are numbers of documents")
    if not _is_texts(sample) or not _is_texts(below):
        raise ReportError(f"{file}: [[{name}]] number {number}: `sample` and `below` are lists of texts")
    if not normal.words(entry["text"]):
        raise ReportError(f"{file}: [[{name}]] number {number}: its `text` has no word")
    if _BLANK.search(entry["text"].strip()):
        raise ReportError(f"{file}: [[{name}]] number {number}: its `text` holds several paragraphs: make an entry of each")
    words = len(normal.words(entry["text"]))
    return entry["text"], Known(count, documents, tuple(sample), frozenset(map(normal.text_key, below)), heads, words)


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def dump(profile: Profile, texts: Mapping[int, str]) -> str:
    """A profile as TOML. `texts` holds, by `normal.text_key`, each entry's text as it was met first."""
    lines = [
        f"format = {FORMAT}",
        f"site = {_toml(profile.site)}",
        f"documents = {profile.documents}",
        "",
        "# Each entry is a paragraph that stands on many documents of the site, and what it usually stands below.",
        "# Delete one to spare it, add one (its text is enough) to strip it.",
    ]
    for name, known in (("line", profile.lines), ("edge", profile.edges)):
        ordered = sorted(known.items(), key=lambda item: (-item[1].count, texts[item[0]]))
        for entry, value in ordered:
            text = " ".join(texts[entry].split())
            lines += ["", f"[[{name}]]", f"text = {_toml(text)}", f"count = {value.count}"]
            lines.append(f"sample = [{', '.join(map(_toml, value.sample))}]")
            if name == "line":
                lines.append(f"heads = {value.heads}")
            if value.below:
                above = sorted(" ".join(texts[other].split()) if other else "" for other in value.below)
                lines.append(f"below = [{', '.join(map(_toml, above))}]")
    return "\n".join(lines) + "\n"


def file_name(site: str) -> str:
    """The file of a site's profile, ASCII and safe on any system; `_any-site.toml` for `ANY_SITE`.

    All but letters, digits, `_.-` is percent-escaped. A name with capitals, which some systems do not tell from small
    letters, and one that is too long for a file has a hash of the site behind it.
    """
    if site == ANY_SITE:
        return "_any-site.toml"
    name = quote(site, safe="", errors="surrogatepass").replace("~", "%7E")
    if name[0] in "._" or name.partition(".")[0].lower() in _DEVICES:
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if any("A" <= c <= "Z" for c in site) or len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}~{xxhash.xxh3_64_hexdigest(site.encode('utf-8', 'surrogatepass'))}"
    return f"{name}.toml"


def _toml(text: str) -> str:
    """A TOML basic string on one line; a lone surrogate, which TOML cannot hold, becomes U+FFFD (it folds to the same)."""
    clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
