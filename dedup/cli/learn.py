"""`dedup learn`: writes what was learned of each site as an editable profile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from dedup.cli.options import OUTPUT, AboutOptions, SplitOptions, TargetOptions, command, counted, option, say

if TYPE_CHECKING:
    from dedup.model import Skipped


@command
def learn(
    inputs: AboutOptions,
    splitting: SplitOptions,
    output: Annotated[
        str, option("--output", "-o", metavar="PROFILES", help="The folder to write to, a file a site.", panel=OUTPUT)
    ],
    *,
    force: Annotated[bool, option("--force", help="Overwrite profiles that exist.", panel=OUTPUT)] = False,
    quiet: Annotated[bool, option("--quiet", "-q", help="No progress and no summary.", panel=OUTPUT)] = False,
) -> int:
    """Learn each site's boilerplate and write it as editable TOML, for `clean --profile`.

    Examples:
      dedup learn sites/ -o profiles/
      dedup clean --profile profiles/ --site harbour.example < page.txt
    """
    from dedup.boilerplate import profile  # noqa: PLC0415 (help must not wait for it)
    from dedup.cli import ending, running  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines import counting  # noqa: PLC0415 (help must not wait for it)
    from dedup.errors import UsageError  # noqa: PLC0415 (help must not wait for it)
    from dedup.reporting.report import Report  # noqa: PLC0415 (help must not wait for it)
    from dedup.writing import outputs  # noqa: PLC0415 (help must not wait for it)

    running.refuse_empty("-o PROFILES", output)
    if os.path.lexists(output) and not os.path.isdir(output):  # noqa: PTH112 (which asks without errors)
        raise UsageError(f"-o {output} is no folder: name one, to which a file a site is written")
    settings = running.clean_settings(splitting)
    target = TargetOptions(output, force, quiet)
    with running.gathered(inputs, twice=True, quiet=quiet) as found:
        outputs.refuse_inside(output, (*found.folders, *found.linked))
        outputs.refuse_unwritable(str(Path(output, profile.file_name(profile.ANY_SITE))))
        failures: list[Skipped] = [s for s in found.inputs.skipped if not s.expected]
        told = Report(None)
        with running.progress(found.inputs, target, "learning"):
            profiles, count = counting.learn(found.inputs, settings, failures, told, workers=running.workers_for(0, found))
        with running.progress(found.inputs, target, "naming"):
            texts = counting.texts_of(found.inputs, settings, profiles)
        files = [(profile.file_name(site), profile.dump(profiles[site], texts[site])) for site in sorted(profiles)]
        if count and not files:  # so that `clean --profile` finds that there is nothing to know
            nothing = profile.Profile(profile.ANY_SITE, count)
            files = [(profile.file_name(profile.ANY_SITE), profile.dump(nothing, {}))]
        outputs.write_files(output, files, force=force)
        there = profile.files_of(Path(output)) if files else ()  # else the folder need not be there
        others = {path.name for path in there} - {name for name, _ in files}
        if not quiet:
            lines = sum(len(p.lines) + len(p.edges) for p in profiles.values())
            say(f"{counted(count, 'document')}: {counted(lines, 'line')} of {counted(len(profiles), 'site')}, in {output}")
            if not profiles:
                floor = settings.learning.floor
                say(f"nothing learned: a site needs {floor} documents ({ending.SITES})")
            if others:
                more = f"{counted(len(others), 'profile')} more in {output}, such as {min(others)}"
                say(f"{more}: `clean --profile` goes by all there")
            ending.tell_reading(found.inputs, told.notes, told.counts)
        empty = ending.empty_of(found) or (None if found.pipes else ending.NO_DOCUMENT)  # of nothing, nothing is learned
        return ending.status_of(failures, count, empty=empty, reported=False)
