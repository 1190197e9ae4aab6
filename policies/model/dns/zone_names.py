"""Two questions about the name of a public Route 53 hosted zone.

``reserved``: does AWS refuse a public zone of this name?
``undelegable``: does AWS accept it although no registry can ever delegate to it?

In: a name as a program writes it. Out: None, or a ``NameFault`` with the reason and its source.
Private zones may have any of these names (AWS accepts a private example.com), so a rule asks only
about public ones. The names are data: ``policies/data/reserved_zone_names.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from .. import data_files
from ..plain import NamedTuple

ZONE_NAMES_FILE = "reserved_zone_names.json"

OBSERVED = "observed"
REPORTED = "reported"
CONFIGURED = "configured"
STANDARD = "standard"

_ESCAPE: Final = r"\\([0-7]{3})"
# Only ASCII letters have a case in the DNS: str.lower would also turn the Kelvin sign into a "k".
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class NameFault(NamedTuple):
    """Why a name is no use for a public zone.

    ``matched`` is the name in the data that the zone's name equals or lies below; for a single
    label it is the label. ``evidence`` is how sure that is: observed, reported, configured (the
    pack's user added the name) or, for names that a standard reserves, standard.
    """

    reason: str
    matched: str
    evidence: str
    source: str
    date: str | None = None


class _ZoneNames(NamedTuple):
    """The data file, typed: faults by the name they belong to."""

    single_label: NameFault
    reserved: Mapping[str, NameFault]
    undelegable: Mapping[str, NameFault]


def normalise(name: str) -> str:
    r"""Return ``name`` in one form: no trailing dot, ASCII lower case, no needless escapes.

    Route 53 reads ``\ooo`` (octal) as one character (DomainNameFormat in its developer guide).
    An escaped dot or backslash stays escaped: it is a character of a label, not a separator.
    """
    plain = re.sub(_ESCAPE, _unescaped, name).translate(_LOWER)
    return plain[:-1] if plain.endswith(".") else plain


def reserved(name: str, extra: Sequence[str] = ()) -> NameFault | None:
    """Return why AWS refuses a public zone ``name``, or None where nothing is known against it.

    ``extra`` are further reserved names, each meaning itself and all names below.
    """
    plain = normalise(name)
    known = _zone_names()
    matched = _suffix_among(plain, known.reserved)
    if matched is not None:
        return known.reserved[matched]
    configured = {normalise(item) for item in extra} - {""}
    matched = _suffix_among(plain, configured)
    if matched is not None:
        return NameFault(
            f"{matched} and all names below it are reserved by this pack's configuration",
            matched,
            CONFIGURED,
            "the configuration of the policy",
        )
    if plain and "." not in plain:
        return known.single_label._replace(matched=plain)
    return None


def undelegable(name: str) -> NameFault | None:
    """Return why no registry can delegate to a public zone ``name``, or None where one may.

    A single label is None here: AWS refuses it anyway, which ``reserved`` says.
    """
    plain = normalise(name)
    if "." not in plain:
        return None
    known = _zone_names()
    matched = _suffix_among(plain, known.undelegable)
    return None if matched is None else known.undelegable[matched]


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 8))
    return character if "!" <= character <= "~" and character not in ".\\" else match[0]


def _suffix_among(name: str, names: Iterable[str]) -> str | None:
    """The longest of ``names`` that ``name`` equals or lies below, label by label."""
    below = [item for item in names if name == item or name.endswith(f".{item}")]
    return max(below, key=len, default=None)


@cache
def _zone_names() -> _ZoneNames:
    """The data file, read once."""
    content = data_files.read(ZONE_NAMES_FILE)
    single = data_files.mapping(content.get("single_label"), "single_label")
    names = [_reserved_fault(entry) for entry in data_files.entries(content, "reserved")]
    suffixes = [_undelegable_fault(entry) for entry in data_files.entries(content, "undelegable")]
    return _ZoneNames(
        single_label=NameFault(
            "AWS refuses public zones of a single label",
            "",
            data_files.text(single, "evidence"),
            data_files.text(single, "source"),
            data_files.text(single, "date"),
        ),
        reserved={fault.matched: fault for fault in names},
        undelegable={fault.matched: fault for fault in suffixes},
    )


def _reserved_fault(entry: Mapping[str, object]) -> NameFault:
    name = data_files.text(entry, "name")
    return NameFault(
        f"AWS reserves {name} and all names below it",
        name,
        data_files.text(entry, "evidence"),
        data_files.text(entry, "source"),
        data_files.text(entry, "date"),
    )


def _undelegable_fault(entry: Mapping[str, object]) -> NameFault:
    name = data_files.text(entry, "name")
    return NameFault(
        f".{name} {data_files.text(entry, 'reason')}, so no registry can delegate a name below it",
        name,
        STANDARD,
        data_files.text(entry, "source"),
        data_files.text(entry, "date"),
    )
