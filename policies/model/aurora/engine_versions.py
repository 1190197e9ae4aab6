"""Two questions about the engine version of an Aurora cluster.

``global_database_support``: can a cluster of this engine and version be in a global database?
``creatable``: does AWS still let anyone create a cluster with this version?

In: the strings of a program, plus the region where it is known. Out: yes, no or cannot tell, each
with what a message needs: the reason, who says so and since when, and versions to use instead.
Both decide from ``policies/data/aurora_*.json`` alone and know nothing of today's date. A version
that is newer than the data is never called wrong.

The two are asked apart because AWS answers CreateGlobalCluster alike in both cases ("The
requested engine version was not found or does not support global functionality"), which has led
to wrong conclusions: 15.4 supports global databases by AWS's table, and cannot be created.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeAlias

from ..answers import CannotTell
from ..plain import NamedTuple
from .facts import (
    THIRD_PARTY,
    USER,
    Citation,
    Facts,
    Floor,
    ListedVersion,
    SupportEnd,
    Withdrawn,
    facts,
)
from .version_strings import (
    MYSQL,
    POSTGRESQL,
    RDS_MYSQL,
    RDS_POSTGRESQL,
    RETIRED_MYSQL,
    EngineVersion,
    major_order,
    parse,
)

__all__ = [
    "ENGINES",
    "RDS_ENGINES",
    "Citation",
    "Creatable",
    "Creation",
    "EngineVersion",
    "Floor",
    "Replacement",
    "Retired",
    "Support",
    "Supported",
    "Unsupported",
    "creatable",
    "data_day",
    "ending_support",
    "global_database_support",
    "is_accepted_by_user",
    "parse",
    "replacements",
]


ENGINES = (POSTGRESQL, MYSQL)
"""The engines of Aurora that AWS still offers."""

RDS_ENGINES = (RDS_POSTGRESQL, RDS_MYSQL)
"""The engines of RDS whose versions the data knows. RDS and Aurora retire versions apart."""


class Replacement(NamedTuple):
    """A version to use instead: AWS lets it be created and it can be in a global database."""

    engine: str
    version: str
    lts_until: str | None = None
    extended_support: bool = False

    def __str__(self) -> str:
        if self.lts_until is not None:
            return f"{self.version} (long-term support until {self.lts_until})"
        if self.extended_support:
            return f"{self.version} (paid Extended Support)"
        return self.version


class Supported(NamedTuple):
    """The version can be in a global database. ``floor`` is AWS's rule that says so."""

    floor: Floor | None
    citation: Citation


class Unsupported(NamedTuple):
    """The version cannot be in a global database, or the user's own rule forbids it.

    ``floor`` is the rule that the version fails, None where no rule on versions is the reason;
    ``other_floors`` are the rules on the same major by somebody else. ``citation.word`` says
    whose word it is: AWS or user.
    """

    reason: str
    citation: Citation
    floor: Floor | None = None
    other_floors: tuple[Floor, ...] = ()
    replacements: tuple[Replacement, ...] = ()


Support: TypeAlias = Supported | Unsupported | CannotTell


class Creatable(NamedTuple):
    """AWS's listing of ``citation.date`` offers the version.

    ``support_end`` is the end that AWS has announced for it, if any; ``extended_support`` says
    that its major is past standard support, for which AWS charges.
    """

    citation: Citation
    support_end: SupportEnd | None = None
    extended_support: bool = False


class Retired(NamedTuple):
    """AWS lets nobody create the version any more.

    ``listed`` tells the two grounds apart: AWS's listing shows the version as deprecated (True),
    or no longer shows it although it shows newer ones, so that it was withdrawn earlier or never
    existed (False).
    """

    reason: str
    citation: Citation
    listed: bool
    replacements: tuple[Replacement, ...] = ()


Creation: TypeAlias = Creatable | Retired | CannotTell


def global_database_support(
    engine: str, version: str | None, region: str | None = None, known: Facts | None = None
) -> Support:
    """Say whether a cluster of ``engine`` and ``version`` can be in a global database.

    ``region`` sharpens the answer where AWS's floors differ by region; without one only a version
    that fails everywhere fails. ``known`` replaces the pack's own data.
    """
    known = known or facts()
    engine = engine.strip().lower()
    for exclusion in known.exclusions:
        if exclusion.what == "not-aurora" and exclusion.covers(engine):
            return Unsupported(
                f"{exclusion.reason}, and {engine} is not an Aurora engine", exclusion.citation
            )
    found = _identify(engine, version, known)
    if isinstance(found, CannotTell):
        return found
    if isinstance(found, Withdrawn):
        return Unsupported(
            _withdrawn_reason(found), found.citation, replacements=_instead_of(found, known)
        )
    instead = replacements(found.engine, found.major, region, known)
    for exclusion in known.exclusions:
        if exclusion.what == "limitless" and found.limitless:
            return Unsupported(exclusion.reason, exclusion.citation, replacements=instead)
    if not found.names_one_release:
        return CannotTell(_no_single_release(found))
    return _support_of_release(found, _region(region), known, instead)


def creatable(engine: str, version: str | None, known: Facts | None = None) -> Creation:
    """Say whether AWS still lets anyone create a cluster of ``engine`` and ``version``.

    ``known`` replaces the pack's own data.
    """
    known = known or facts()
    engine = engine.strip().lower()
    found = _identify(engine, version, known)
    if isinstance(found, CannotTell):
        return found
    if isinstance(found, Withdrawn):
        return Retired(_withdrawn_reason(found), found.citation, True, _instead_of(found, known))
    if not found.names_one_release:
        return CannotTell(_no_single_release(found))
    return _creation_of_release(found, known)


def replacements(
    engine: str, major: str, region: str | None = None, known: Facts | None = None
) -> tuple[Replacement, ...]:
    """Versions to use instead of one of ``major``, the best first; none is ever a retired one.

    These are, of the same major, the long-term support version with the longest support and the
    newest version; and the best of the next major in standard support, where this one is past it
    or offers nothing. All are fit for global databases in ``region``.
    """
    known = known or facts()
    where = _region(region)
    found = _best_of_major(engine, major, where, known)
    if not found or _past_standard_support(engine, major, known):
        return (*found, *_of_a_later_major(engine, major, where, known)[:1])
    return found


def upgrades(version: EngineVersion, known: Facts | None = None) -> tuple[Replacement, ...]:
    """Versions to which what has this one can be upgraded, the best first.

    They are those of `replacements` without what is older: neither Aurora nor RDS goes back to an
    earlier version (RDS User Guide, "Upgrading a DB instance engine version"). Of a later major,
    the newest: its long-term support version may be older than what is there.
    """
    known = known or facts()
    engine, major = version.engine, version.major
    found = _best_of_major(engine, major, None, known, above=version)
    if not found or _past_standard_support(engine, major, known):
        return (*found, *_of_a_later_major(engine, major, None, known)[-1:])
    return found


def _of_a_later_major(
    engine: str, major: str, region: str | None, known: Facts
) -> tuple[Replacement, ...]:
    """The best versions of the next major in standard support."""
    for later in _majors(engine, known):
        if major_order(later) <= major_order(major):
            continue
        best = _best_of_major(engine, later, region, known)
        if best and not _past_standard_support(engine, later, known):
            return best
    return ()


def is_accepted_by_user(engine: str, version: str, known: Facts | None = None) -> bool:
    """Whether the user's own rule names the version as one that works."""
    known = known or facts()
    parsed = parse(engine, version)
    return parsed is not None and any(
        floor.admits(parsed)
        for floor in known.floors
        if floor.citation.word == USER
        and (floor.engine, floor.major) == (parsed.engine, parsed.major)
        and parsed.names_one_release
    )


def data_day(known: Facts | None = None) -> str:
    """The day of AWS's listing."""
    return (known or facts()).listing.citation.date


def ending_support(
    engine: str, version: str | None, known: Facts | None = None, today: date | None = None
) -> SupportEnd | None:
    """The announced end of support of a version that can be created, where it is within a year of
    `today` or past. Without a `today` the day of the data counts: so the answer is the same
    wherever it is asked, and a listing that is refreshed once a year tells of every end in time.
    """
    known = known or facts()
    creation = creatable(engine, version, known)
    parsed = parse(engine.strip().lower(), version or "")
    if not isinstance(creation, Creatable) or parsed is None:
        return None
    limit = (today or date.fromisoformat(data_day(known))) + timedelta(days=365)
    ends = [
        end
        for end in known.support_ends
        if end.engine == parsed.engine and end.kind == "major" and end.version == parsed.major
    ]
    if creation.support_end is not None:
        ends.insert(0, creation.support_end)
    near = [end for end in ends if _first_day(end) <= limit]
    return min(near, key=_first_day, default=None)


def _first_day(end: SupportEnd) -> date:
    """The day of the end; of a month, its first."""
    return date.fromisoformat(end.until if len(end.until) > len("2026-11") else f"{end.until}-01")


# --- which version is meant ---------------------------------------------------------------------


def _identify(
    engine: str, version: str | None, known: Facts
) -> EngineVersion | Withdrawn | CannotTell:
    """Take the strings apart; what AWS has withdrawn as a whole needs no version."""
    for withdrawn in known.withdrawn:
        if withdrawn.engine == engine and withdrawn.major is None:
            return withdrawn
    if engine not in (*ENGINES, *RDS_ENGINES):
        return CannotTell(f"the data has no versions of the engine {engine!r}")
    if version is None or not version.strip():
        return CannotTell("no engine version is set, so AWS chooses one")
    parsed = parse(engine, version)
    if parsed is None:
        return CannotTell(f"{version.strip()!r} does not look like a version of {engine}")
    for withdrawn in known.withdrawn:
        if withdrawn.engine == engine and withdrawn.major == parsed.major:
            return withdrawn
    return parsed


def _withdrawn_reason(withdrawn: Withdrawn) -> str:
    what = (
        f"the engine {withdrawn.engine} (Aurora MySQL version 1)"
        if withdrawn.major is None
        else f"{withdrawn.engine} {withdrawn.major}"
    )
    when = f" on {withdrawn.ended}" if withdrawn.ended else ""
    return f"AWS withdrew {what}{when}: no version of it can be created"


def _instead_of(withdrawn: Withdrawn, known: Facts) -> tuple[Replacement, ...]:
    if withdrawn.engine == RETIRED_MYSQL:
        # What the engine "aurora" was lives on as aurora-mysql; its only major was 5.6.
        return replacements(MYSQL, "5.6", known=known)
    return replacements(withdrawn.engine, withdrawn.major or "0", known=known)


def _no_single_release(version: EngineVersion) -> str:
    if version.text == version.major or version.limitless:
        return f"{version.text} names a major version only, so AWS chooses the minor version"
    return f"{version.text} is a community version, which several {version.engine} versions share"


def _region(region: str | None) -> str | None:
    """A region as the data writes it; a blank one is none."""
    return (region or "").strip().lower() or None


# --- global databases ---------------------------------------------------------------------------


def _support_of_release(
    version: EngineVersion, region: str | None, known: Facts, instead: tuple[Replacement, ...]
) -> Support:
    floors = _floors(version.engine, version.major, region, known)
    own = tuple(floor for floor in floors if floor.citation.word == USER)
    others = tuple(floor for floor in floors if floor.citation.word != USER)
    answer = _answer_of_api(version, region, known) or _answer_of_floors(version, region, others)
    failed = [floor for floor in own if not floor.admits(version)]
    # AWS's no comes first: it holds whatever the user's own rule says.
    if failed and not isinstance(answer, Unsupported):
        answer = Unsupported(
            f"{version.text} is not among the versions of {version.engine} {version.major} that "
            f"this pack accepts in a global database: {failed[0]}",
            failed[0].citation,
            failed[0],
        )
    if isinstance(answer, Unsupported):
        rest = tuple(floor for floor in (*others, *own) if floor != answer.floor)
        return answer._replace(other_floors=rest, replacements=instead)
    without = next((item for item in known.regions_without if item.region == region), None)
    if without is not None:
        return CannotTell(
            f"AWS's page offered no global databases in {without.region} when it was read on "
            f"{without.citation.date}"
        )
    return answer


def _answer_of_api(version: EngineVersion, region: str | None, known: Facts) -> Support | None:
    """AWS's own SupportsGlobalDatabases, where the data has it for the region in question."""
    row = _row(version, known)
    if row is None or row.global_databases is None:
        return None
    citation = known.listing.citation
    if row.global_databases and region in (None, known.listing.region):
        return Supported(None, citation)
    if not row.global_databases and region == known.listing.region:
        return Unsupported(
            f"AWS says that {version.text} does not support global databases in {region}", citation
        )
    return None


def _answer_of_floors(
    version: EngineVersion, region: str | None, floors: tuple[Floor, ...]
) -> Support:
    """The answer of the floors that are not the user's own: one at most for a major and region."""
    if not floors:
        return CannotTell(
            f"the data on global databases does not cover {version.engine} {version.major}"
        )
    floor = floors[0]
    if floor.admits(version):
        return Supported(floor, floor.citation)
    if floor.citation.word == THIRD_PARTY:
        return CannotTell(
            f"{version.text} is not among the versions ({floor}) that {floor.citation.source} "
            "names, and the data does not have AWS's own list"
        )
    where = f" in {region}" if floor.regions else ""
    return Unsupported(
        f"{version.text} is not among the versions of {version.engine} {version.major} that AWS "
        f"lists for global databases{where}: {floor}",
        floor.citation,
        floor,
    )


def _floors(engine: str, major: str, region: str | None, known: Facts) -> tuple[Floor, ...]:
    """The floors that hold for a major: for each word, the region's own before the general one."""
    of_major = [item for item in known.floors if item.engine == engine and item.major == major]
    regional = [item for item in of_major if region in item.regions]
    words = {item.citation.word for item in regional}
    general = [item for item in of_major if not item.regions and item.citation.word not in words]
    return (*regional, *general)


# --- creation -----------------------------------------------------------------------------------


def _creation_of_release(version: EngineVersion, known: Facts) -> Creation:
    citation = known.listing.citation
    row = _row(version, known)
    if row is not None and row.creatable:
        if row.text != version.text:
            return CannotTell(f"AWS lists {row.text}, but no patch levels of it")
        return Creatable(
            citation,
            _support_end(version, known),
            _past_standard_support(version.engine, version.major, known),
        )
    instead = replacements(version.engine, version.major, known=known)
    if row is not None:
        return Retired(
            f"AWS's listing of {citation.date} shows {row.text} as deprecated, so no "
            "database can be created with it",
            citation,
            True,
            instead,
        )
    if _is_newer_than_data(version, known):
        return CannotTell(
            f"{version.text} is newer than AWS's listing of {citation.date}, the newest in the data"
        )
    return Retired(
        f"AWS's listing of {citation.date} has newer versions, but no {version.text}: it was "
        "withdrawn earlier or never existed",
        citation,
        False,
        instead,
    )


def _row(version: EngineVersion, known: Facts) -> ListedVersion | None:
    """The row of the version, or for a patch level of PostgreSQL the row of its minor.

    AWS lists minors of PostgreSQL only; their patch levels live and end with them.
    """
    rows = known.listing.of(version.engine)
    if version.text in rows:
        return rows[version.text]
    if version.engine != POSTGRESQL:
        return None
    return next(
        (
            row
            for row in rows.values()
            if row.parsed is not None
            and row.parsed.release == version.minor
            and row.parsed.limitless == version.limitless
        ),
        None,
    )


def _is_newer_than_data(version: EngineVersion, known: Facts) -> bool:
    """Whether AWS may have added the version after the data was made.

    New patch levels appear on every line that AWS supports (3.10.7 after 3.13.0), new lines only
    above the newest. A major that the data does not have may be new as a whole.
    """
    listed = [
        row.parsed
        for row in known.listing.of(version.engine).values()
        if row.parsed is not None
        and row.parsed.major == version.major
        and row.parsed.limitless == version.limitless
    ]
    of_line = [item.release for item in listed if item.minor == version.minor]
    releases = of_line or [item.release for item in listed]
    return not releases or version.release > max(releases)


# --- what to use instead ------------------------------------------------------------------------


def _best_of_major(
    engine: str,
    major: str,
    region: str | None,
    known: Facts,
    *,
    above: EngineVersion | None = None,
) -> tuple[Replacement, ...]:
    """The best long-term support version and the newest version of ``major``; of those after
    ``above``, where that is given."""
    usable = [
        each
        for each in _usable(engine, major, region, known)
        if above is None or each.release > above.release
    ]
    if not usable:
        return ()
    paid = _past_standard_support(engine, major, known)
    found: list[Replacement] = []
    long_term = [
        (end.until, version)
        for version in usable
        if (end := _support_end(version, known)) is not None
        and end.kind == "lts"
        and end.until > known.listing.citation.date
    ]
    if long_term:
        until, version = max(long_term, key=lambda pair: (pair[0], pair[1].release))
        found.append(Replacement(engine, version.text, until, paid))
    newest = usable[-1]
    if not found or found[0].version != newest.text:
        found.append(Replacement(engine, newest.text, None, paid))
    return tuple(found)


def _usable(engine: str, major: str, region: str | None, known: Facts) -> list[EngineVersion]:
    """Versions of ``major`` that can be created and be in a global database, the newest last."""
    floors = _floors(engine, major, region, known)
    return sorted(
        (
            row.parsed
            for row in known.listing.of(engine).values()
            if row.creatable
            and row.global_databases is not False
            and row.parsed is not None
            and row.parsed.major == major
            and not row.parsed.limitless
            and all(floor.admits(row.parsed) for floor in floors)
        ),
        # Builds of RDS's own come after all versions that have none.
        key=lambda version: ("-rds." not in version.text, version.release),
    )


def _majors(engine: str, known: Facts) -> list[str]:
    """The majors of which AWS lists a version, the oldest first."""
    majors = {row.parsed.major for row in known.listing.of(engine).values() if row.parsed}
    return sorted(majors, key=major_order)


def _past_standard_support(engine: str, major: str, known: Facts) -> bool:
    """Whether standard support of ``major`` had ended on the day of the listing."""
    return any(
        end.kind == "major"
        and end.engine == engine
        and end.version == major
        and end.until <= known.listing.citation.date
        for end in known.support_ends
    )


def _support_end(version: EngineVersion, known: Facts) -> SupportEnd | None:
    """What AWS announced for the version or its line, such as 8.0.mysql_aurora.3.10 of 3.10.4."""
    return next(
        (
            end
            for end in known.support_ends
            if end.engine == version.engine
            and end.kind != "major"
            and f"{version.text}.".startswith(f"{end.version}.")
        ),
        None,
    )
