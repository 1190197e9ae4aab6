"""How a page shows what AWS does: AWS's own words in a quotation, everything else as a sentence.

Evidence (`policies/rule.py`) holds both in one text, which a message puts after "AWS:". It is an
answer ("InvalidSubnet: ..."), the call that gives one ("CreateListener answers ..."), what AWS does
as a verb without a subject ("accepts the listener, but ..."), or a sentence of the documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.rule import Evidence, Kind

_CALL: Final = re.compile(r"(?P<who>.{1,70}?\banswers?)(?P<colon>:)? (?P<words>.+)")
_CODE: Final = re.compile(r"[A-Z]\w*(?:[A-Z]|\.[A-Z])\w*(?:\.\w+)*: ")
"""The name of an error, as it begins an answer."""
_VERB: Final = re.compile(r"[a-z]+s\b")
_OPERATION: Final = re.compile(r"(?:[A-Z][a-z]+){2,} (?:may )?[a-z]+")
"""An operation and what it does: "CreateDistribution refuses ..."."""
_REMARK: Final = " \N{EN DASH} "
"""Stands between AWS's words and what the pack says about them."""
_FRAGMENTS: Final = {
    "One primary cluster": "AWS allows one primary cluster",
    "Regions and engine versions": "The source lists regions and engine versions",
    "Release calendars": "The source has release calendars",
    "Valid IPv4 address": "It is documented as a valid IPv4 address",
    "Versions that": "The source lists versions that",
}
"""What begins no sentence, and how a sentence with it begins."""
_OWN: Final = ("A NAT gateway in", "SNS asks", "Without peer_region AWS")
"""How texts begin that come from a deployment or a report, and are not in AWS's words."""


def shown(evidence: Evidence) -> Iterator[str]:
    """The lines of a page that say what AWS does."""
    said, words = _parts(evidence)
    words, _, remark = words.partition(_REMARK)
    lines = [said, words and f"> {words}", remark and _sentence(remark[0].upper() + remark[1:])]
    yield from "\n\n".join(filter(None, lines)).splitlines()


def _parts(evidence: Evidence) -> tuple[str, str]:
    """A sentence, and AWS's words; either may be empty."""
    effect = evidence.effect
    for beginning, whole in _FRAGMENTS.items():
        if effect.startswith(beginning):
            return _sentence(whole + effect.removeprefix(beginning)), ""
    call = _CALL.fullmatch(effect)
    if call and not effect[0].islower() and (call["colon"] or _CODE.match(call["words"])):
        return f"{call['who']}:", call["words"]
    if effect.startswith("the "):
        return _from_the_side(effect)
    if _VERB.match(effect):
        return _sentence(f"AWS {effect}"), ""
    if _CODE.match(effect):
        return "", effect
    documented = evidence.kind is Kind.DOCUMENTED and not effect[0].islower()
    if documented or effect.startswith(_OWN) or (_OPERATION.match(effect) or call):
        return _sentence(effect), ""
    return "", effect


def _from_the_side(effect: str) -> tuple[str, str]:
    """What the provider answers, or the state that something ends in."""
    said, _, words = effect.partition(": ")
    said = said[0].upper() + said[1:]
    return (f"{said}:", words) if words else (_sentence(said), "")


def _sentence(text: str) -> str:
    return text if text.endswith((".", '"', "?", "!")) else f"{text}."
