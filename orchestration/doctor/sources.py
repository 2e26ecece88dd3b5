"""The sources: is each one configured, and does it answer?

Holds one probe per source, asked side by side. Does not hold the request
(`ingestion.reachability`). Tests: tests/orchestration/doctor/test_sources.py
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from ingestion.errors import MissingCredentials, SourceError
from ingestion.registry import SOURCES, is_file_source
from orchestration.doctor.finding import Finding, State, guarded, ok
from orchestration.settings import Settings


def sources(
    settings: Settings, *, offline: bool, seconds: float = 5.0
) -> list[Finding]:
    """Look at every source that this company uses.

    Args:
        settings: Which ones it uses.
        offline: Look at what is configured only, and ask nobody.
        seconds: How long an answer may take.
    """

    def look(source: str) -> Finding:
        return guarded(source, lambda: _source(settings, source, offline, seconds))

    with ThreadPoolExecutor(max(len(settings.sources), 1)) as pool:
        found = list(pool.map(look, settings.sources))
    unused = [name for name in settings.known_sources() if name not in settings.sources]
    return [*found, *(ok(name, "not used (CX_SOURCES)") for name in unused)]


def _source(settings: Settings, source: str, offline: bool, seconds: float) -> Finding:
    if is_file_source(source):
        return _files(settings, source)
    # Takes seconds: dlt.
    from ingestion.reachability import reach, require_configured  # noqa: PLC0415

    try:
        require_configured(source)
        if offline:
            return ok(source, "configured; not asked (--offline)")
        clock = reach(source, seconds=seconds)
    except MissingCredentials as error:
        step = f"{error.what_to_do} Not used at all? Leave it out of CX_SOURCES."
        seen = f"{error.what} ({error.where})"
        return Finding(source, _missing(source), seen, step)
    except SourceError as error:
        return Finding(
            source, State.FAIL, f"{error.what}, {error.where}", error.what_to_do
        )
    return ok(source, f"configured and answers; its clock says {clock:%Y-%m-%d %H:%M}")


def _files(settings: Settings, source: str) -> Finding:
    from ingestion.files import connect  # noqa: PLC0415

    try:
        streams = connect(source, settings.files_dir, settings.temp_dir)
        found = {name.name for stream in streams for name in stream.dropped()}
    except SourceError as error:
        return Finding(
            source, State.FAIL, f"{error.what}, {error.where}", error.what_to_do
        )
    if not found:
        return Finding(
            source,
            State.WARN,
            "its mapping is well, but no file has a name that it gives",
            "Compare `files` in the mapping with the names of the files.",
        )
    return ok(source, f"its mapping is well; {len(found)} files for it")


def _missing(source: str) -> State:
    return State.FAIL if SOURCES[source].is_required else State.WARN
