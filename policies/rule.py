"""What a rule is: a small pure function over the model, and what people need to know of it.

A rule yields outcomes. `Violation` is certain, however the unknown values turn out; `Unverified`
says that the rule would have to know something that the preview does not show. Saying nothing means
that all is well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from .model import Model
from .model.plain import NamedTuple, Record
from .model.resource import Resource

if TYPE_CHECKING:
    from .refusal import Refusal

DOCUMENTATION = "https://github.com/aws-dr-preflight/aws-dr-preflight/blob/main/docs/policies"


class Level(Enum):
    """What a finding does by default; the words are Pulumi's."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"


class Severity(Enum):
    """How much depends on it; the words are Pulumi's."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Kind(Enum):
    """How it is known what AWS does."""

    DEPLOYED = "seen in a deployment"
    """AWS's own answer: from its API, or in the log of a deployment."""
    DOCUMENTED = "documented"
    REPORTED = "reported"
    """Somebody says so, without AWS's own words."""


class Evidence(NamedTuple):
    """Why we say so: AWS's error text or documented effect, where it was found, and when.

    Only what was seen in a deployment makes a policy mandatory."""

    effect: str
    source: str
    date: str
    kind: Kind = Kind.DEPLOYED


class Settings(NamedTuple):
    """The options of one policy as configured, defaults filled in."""

    options: Mapping[str, object] = MappingProxyType({})

    def names(self, option: str) -> frozenset[str]:
        """An option that is a list of text."""
        listed = self.options.get(option)
        if isinstance(listed, Sequence) and not isinstance(listed, str):
            return frozenset(str(each) for each in listed)
        return frozenset()

    def text(self, option: str) -> str | None:
        """An option that is a text; None where it is not set."""
        said = self.options.get(option)
        return said if isinstance(said, str) and said else None

    def texts(self, option: str) -> Mapping[str, str]:
        """An option that maps text to text."""
        mapping = self.options.get(option)
        if isinstance(mapping, Mapping):
            return {str(key): str(value) for key, value in mapping.items()}
        return {}


def _no_faults(_: Settings) -> Iterable[str]:
    return ()


class Option(NamedTuple):
    """A setting of one policy: its JSON schema and the default that holds where nothing is set.

    `faults` tells, a text for each, what in the settings has no effect although the schema allows
    it. One that `is_shared` is set once, at whichever policy, for all that have it."""

    name: str
    schema: Mapping[str, object]
    default: object
    faults: Callable[[Settings], Iterable[str]] = _no_faults
    is_shared: bool = False


class Asked(Enum):
    """When AWS gives the answer that a finding quotes."""

    AT_CREATION = "at creation"
    """When it makes the resource. Of what exists it does not ask again, and neither do we."""
    ALWAYS = "always"
    """As long as the program says so: it refuses the update too, or what is there cannot work."""


class Violation(NamedTuple):
    """The subject is wrong. `problem` is a sentence; each chain leads, link by link, from the
    subject to what is missing; `effect`, `fix` and `asked` default to the rule's own.

    `parties` are the other resources that have a part in it: a question that AWS asks at creation
    is still open while the subject or one of them is new. `lost` is the region whose loss shows it,
    in a rehearsal. `same_as` are the policies that say the same of resources that are new."""

    subject: Resource
    problem: str
    chains: tuple[tuple[str, ...], ...] = ()
    effect: str | None = None
    fix: str | None = None
    asked: Asked | None = None
    parties: tuple[Resource, ...] = ()
    lost: str | None = None
    same_as: tuple[str, ...] = ()


class Unverified(NamedTuple):
    """Whether the subject is right cannot be told; `why` is a clause, and so is `cure`, which says
    what would make it known; it defaults to the rule's own. `parties` and `lost` as of a
    violation."""

    subject: Resource
    why: str
    cure: str | None = None
    parties: tuple[Resource, ...] = ()
    lost: str | None = None


Outcome: TypeAlias = Violation | Unverified


class Rule(Record):
    """What every rule says of itself."""

    name: str
    title: str
    description: str
    level: Level
    severity: Severity
    tags: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    fix: str
    options: tuple[Option, ...] = ()
    reads_native: bool = True
    """Whether it is asked about resources of `aws-native`, which the vocabulary must then have in
    full: a property under another name would be taken for one that is not set."""
    unread: str = ""
    """Why a rule that is asked about no type of aws-native is not, as a clause for its page."""
    is_told_once: bool = False
    """Whether all that an advisory rule finds in a stack is told in one finding: often it comes
    from one line of a component."""
    refusals: tuple[Refusal, ...] = ()
    """The rows of a family, as `refusal.py` describes it."""
    in_doubt: str = "give what it needs a value that is known before the deployment"
    """What a program can do so that the rule decides, as a clause."""

    @property
    def url(self) -> str:
        """The rule's page."""
        return f"{DOCUMENTATION}/{self.name}.md"


class ResourceRule(Rule):
    """A rule that one resource's inputs decide; it blocks `up --skip-preview` too.

    `remediate` names the properties to drop so that the resource passes, empty where nothing is
    to be done; it sees inputs, with unknowns."""

    kinds: tuple[str, ...]
    """The types that it is asked about."""
    texts: tuple[str, ...] = ()
    """Where these are given, it is asked about whatever resource has one of them somewhere in its
    inputs, in upper or lower case: the texts are in lower case. That costs little, since nothing is
    decoded in order to find them."""
    check: Callable[[Resource, Settings], Iterable[Outcome]]
    remediate: Callable[[Resource], Sequence[str]] | None = None
    asked: ClassVar[Asked] = Asked.ALWAYS
    """Inputs do not tell what exists: what AWS asks at creation only is for a `StackRule`."""


class StackRule(Rule):
    """A rule that needs several resources. It is asked about one subject at a time, so that a bug
    in it costs one subject and can be named."""

    kinds: tuple[str, ...] | Callable[[], Iterable[str]]
    """The types that it is asked about; a function where they are data, read when it is asked."""
    check: Callable[[Resource, Model, Settings], Iterable[Outcome]]
    asked: Asked = Asked.AT_CREATION

    @property
    def subjects(self) -> tuple[str, ...]:
        """The types that it is asked about."""
        return tuple(self.kinds()) if callable(self.kinds) else self.kinds


class DoubtRule(Rule):
    """Tells people what the other rules could not decide."""


AnyRule: TypeAlias = ResourceRule | StackRule | DoubtRule
