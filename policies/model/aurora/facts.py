"""What AWS says about versions of Aurora and RDS, as typed values.

In: ``policies/data/engine_versions.json`` and ``aurora_*.json``. Out: one ``Facts`` with the
listing of versions, the floors for global databases and the support calendar, each with who says
so, where and when. Nothing is decided here; ``engine_versions`` asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from .. import data_files
from ..plain import NamedTuple
from .version_strings import EngineVersion, parse

VERSIONS_FILE = "engine_versions.json"
FLOORS_FILE = "aurora_global_database_floors.json"
CALENDAR_FILE = "aurora_support_calendar.json"

AWS = "AWS"
USER = "user"
THIRD_PARTY = "third party"


class Citation(NamedTuple):
    """Who vouches for a fact (``word``), where it is written, and of which day it is."""

    word: str
    source: str
    date: str
    url: str | None = None

    def __str__(self) -> str:
        return f"{self.source} ({self.date})"


class Span(NamedTuple):
    """Releases from ``first`` to ``last``, both included; None leaves a side open."""

    first: EngineVersion | None
    last: EngineVersion | None

    def holds(self, version: EngineVersion) -> bool:
        """Whether ``version`` lies in the span; its patch level does not count against ``last``."""
        if self.first is not None and version.release < self.first.release:
            return False
        return self.last is None or version.release[: len(self.last.release)] <= self.last.release

    def __str__(self) -> str:
        if self.first is None and self.last is None:
            return "all versions"
        if self.last is None:
            return f"{self.first and self.first.text} or later"
        if self.first is None:
            return f"up to {self.last.text}"
        if self.first == self.last:
            return self.first.text
        return f"{self.first.text} to {self.last.text}"


class Floor(NamedTuple):
    """The versions of one major that global databases accept, everywhere or in ``regions``."""

    engine: str
    major: str
    regions: tuple[str, ...]
    spans: tuple[Span, ...]
    citation: Citation

    def admits(self, version: EngineVersion) -> bool:
        """Whether ``version``, a release of this floor's major, is one of the accepted."""
        return any(span.holds(version) for span in self.spans)

    def __str__(self) -> str:
        return " and ".join(str(span) for span in self.spans)


class Exclusion(NamedTuple):
    """A kind of engine or version that is never in a global database."""

    what: str
    engines: tuple[str, ...]
    reason: str
    citation: Citation

    def covers(self, engine: str) -> bool:
        """Whether ``engine`` is one of those meant; ``custom-*`` means every custom engine."""
        return any(fnmatchcase(engine, pattern) for pattern in self.engines)


class RegionWithout(NamedTuple):
    """A region in which AWS's page offers no global databases."""

    region: str
    name: str
    citation: Citation


class Withdrawn(NamedTuple):
    """A major, or with ``major`` None a whole engine, of which AWS creates no version any more."""

    engine: str
    major: str | None
    ended: str | None
    citation: Citation


class SupportEnd(NamedTuple):
    """The day (or month) until which AWS supports a version; ``kind`` is lts, minor or major."""

    engine: str
    kind: str
    version: str
    until: str
    citation: Citation


class ListedVersion(NamedTuple):
    """One row of DescribeDBEngineVersions. ``parsed`` is None for a form that is not known."""

    text: str
    parsed: EngineVersion | None
    creatable: bool
    global_databases: bool | None = None


class Listing(NamedTuple):
    """AWS's listing of versions, for one region and of one day."""

    citation: Citation
    region: str
    versions: Mapping[str, Mapping[str, ListedVersion]]

    def of(self, engine: str) -> Mapping[str, ListedVersion]:
        """The rows of ``engine`` by version string."""
        return self.versions.get(engine, {})


class Facts(NamedTuple):
    """Everything that the data files say about Aurora versions."""

    listing: Listing
    floors: tuple[Floor, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    regions_without: tuple[RegionWithout, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    support_ends: tuple[SupportEnd, ...] = ()


@cache
def facts() -> Facts:
    """The facts of this pack, read once. Two threads may both read them; they get equal values."""
    return load(data_files.DATA_DIRECTORY)


def load(directory: Path) -> Facts:
    """Read the three files of ``directory``."""
    floors = data_files.read(FLOORS_FILE, directory)
    calendar = data_files.read(CALENDAR_FILE, directory)
    floor_sources = _sources(floors)
    calendar_sources = _sources(calendar)
    return Facts(
        listing=read_listing(data_files.read(VERSIONS_FILE, directory)),
        floors=tuple(
            _floor(entry, floor_sources) for entry in data_files.entries(floors, "floors")
        ),
        exclusions=tuple(
            Exclusion(
                data_files.text(entry, "what"),
                data_files.texts(entry, "engines"),
                data_files.text(entry, "reason"),
                _citation(entry, floor_sources),
            )
            for entry in data_files.entries(floors, "excluded")
        ),
        regions_without=tuple(
            RegionWithout(
                data_files.text(entry, "region"),
                data_files.text(entry, "name"),
                _citation(entry, floor_sources),
            )
            for entry in data_files.entries(floors, "regions_without")
        ),
        withdrawn=tuple(
            Withdrawn(
                data_files.text(entry, "engine"),
                data_files.optional_text(entry, "major"),
                data_files.optional_text(entry, "ended"),
                _citation(entry, calendar_sources),
            )
            for entry in data_files.entries(calendar, "withdrawn")
        ),
        support_ends=tuple(
            SupportEnd(
                data_files.text(entry, "engine"),
                data_files.text(entry, "kind"),
                data_files.text(entry, "version"),
                data_files.text(entry, "until"),
                _citation(entry, calendar_sources),
            )
            for entry in data_files.entries(calendar, "support_ends")
        ),
    )


def read_listing(content: Mapping[str, object]) -> Listing:
    """Turn the content of ``engine_versions.json`` into a ``Listing``."""
    source = data_files.mapping(content.get("source"), "source")
    engines = data_files.mapping(content.get("engines"), "engines")
    return Listing(
        citation=Citation(AWS, data_files.text(source, "name"), data_files.text(source, "date")),
        region=data_files.text(source, "region"),
        versions={
            engine: {
                version: _listed_version(engine, version, data_files.mapping(row, version))
                for version, row in data_files.mapping(rows, engine).items()
            }
            for engine, rows in engines.items()
        },
    )


def _listed_version(engine: str, version: str, row: Mapping[str, object]) -> ListedVersion:
    creatable = data_files.optional_flag(row, "creatable")
    if creatable is None:
        raise data_files.DataFileError(f"{engine} {version} does not say whether it is creatable")
    return ListedVersion(
        version,
        parse(engine, version),
        creatable,
        data_files.optional_flag(row, "global_databases"),
    )


def _sources(content: Mapping[str, object]) -> Mapping[str, Citation]:
    named = data_files.mapping(content.get("sources"), "sources")
    return {name: _read_citation(data_files.mapping(entry, name)) for name, entry in named.items()}


def _read_citation(entry: Mapping[str, object]) -> Citation:
    return Citation(
        data_files.text(entry, "word"),
        data_files.text(entry, "source"),
        data_files.text(entry, "date"),
        data_files.optional_text(entry, "url"),
    )


def _citation(entry: Mapping[str, object], sources: Mapping[str, Citation]) -> Citation:
    name = data_files.text(entry, "source")
    if name not in sources:
        raise data_files.DataFileError(f"no source is called {name}, as {dict(entry)!r} says")
    return sources[name]


def _floor(entry: Mapping[str, object], sources: Mapping[str, Citation]) -> Floor:
    engine = data_files.text(entry, "engine")
    major = data_files.text(entry, "major")
    ranges = entry.get("ranges")
    if not isinstance(ranges, list) or not ranges:
        raise data_files.DataFileError(f"ranges should be a list in {dict(entry)!r}")
    return Floor(
        engine,
        major,
        data_files.texts(entry, "regions"),
        tuple(_span(engine, major, pair) for pair in ranges),
        _citation(entry, sources),
    )


def _span(engine: str, major: str, pair: object) -> Span:
    if not isinstance(pair, list) or len(pair) != 2:
        raise data_files.DataFileError(f"a range is [first, last], not {pair!r}")
    return Span(_bound(engine, major, pair[0]), _bound(engine, major, pair[1]))


def _bound(engine: str, major: str, text: object) -> EngineVersion | None:
    if text is None:
        return None
    version = parse(engine, text) if isinstance(text, str) else None
    if version is None or version.major != major or not version.names_one_release:
        raise data_files.DataFileError(f"{text!r} is no version of {engine} {major}")
    return version
