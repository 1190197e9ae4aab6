"""Random valid disaster-recovery stacks, in the styles in which programs write them.

A `Plan` holds the styles, drawn at random; `build` makes the stack of it. Whatever the plan says,
AWS would accept the stack and it would work: a mandatory finding on it is a false alarm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from policies.model.dns.endpoint_zones import APPLICATION, NETWORK, zone_in
from policies.model.vocabulary import TERMS
from policies.testing import UNKNOWN, Made, Output, Secret, Stack
from tests import aws

Name: TypeAlias = Callable[[str], str]

_PLACES: Final = {"us-east-1": "use1", "us-west-2": "usw2", "eu-west-1": "euw1"}
"""Regions with the first part of their zone ids."""
_ACCOUNT: Final = "123456789012"
_VERSIONS: Final = {
    "aurora-postgresql": ("15.7", "15.10", "16.8", "17.7"),
    "aurora-mysql": ("8.0.mysql_aurora.3.08.0", "8.0.mysql_aurora.3.10.0"),
}
_CLASSES: Final = ("db.r6g.large", "db.r5.xlarge", "db.serverless", "db.x2g.large")
_COMPONENT: Final = "acme:network:Region"


# --- plans ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RegionPlan:
    """How one region's network and load balancers are written."""

    native: bool
    zones: int
    zone_ids: bool
    gateway: str
    public: str
    routes: str
    wiring: str
    vpc_id: str
    egress: str
    database_table: str
    secondary_range: bool
    balancer: str
    token: str
    native_balancer: bool
    internal: bool
    network_balancer: bool
    addresses: str
    spoke: bool
    beside: str


@dataclass(frozen=True)
class DatabasePlan:
    """How the Aurora global database is written."""

    native: bool
    engine: str
    version: str
    version_style: str
    origin: str
    identifiers: str
    encrypted: bool
    own_key_for_primary: bool
    credentials: str
    secondary_first: bool
    instances: int
    instance_class: str
    group_by: str
    backtrack_of_another: bool


@dataclass(frozen=True)
class NamesPlan:
    """How the failover records are written."""

    native_zone: bool
    private: bool
    zone: str
    record: str
    literal_zone_id: bool


@dataclass(frozen=True)
class Plan:
    """How a stack is written."""

    places: tuple[str, ...]
    regions: tuple[RegionPlan, ...]
    providers: str
    version: int
    component: bool
    peering: bool
    peering_routes: str
    database: DatabasePlan | None
    names: NamesPlan | None
    naming: Name = field(default=str)

    def shows_all(self, is_first: bool) -> bool:
        """Whether a first preview, or any later run, shows all that the mandatory rules ask about:
        regions, and in a first preview what every single property names."""
        if self.providers == "environment":
            return False
        return not is_first or all(
            each.wiring == "direct" and each.vpc_id == "direct" for each in self.regions
        )


_YES_NO: Final = (False, True)
_REGION_STYLES: Final[Mapping[str, tuple[Any, ...]]] = {
    "native": (False, False, False, True),
    "zones": (2, 3),
    "zone_ids": _YES_NO,
    "gateway": ("own", "attached"),
    "public": ("shared", "each", "swapped", "adopted", "on main"),
    "routes": ("separate", "inline", "halves", "inline with IPv6"),
    "wiring": ("direct", "direct", "tier", "list", "everything"),
    "vpc_id": ("direct", "direct", "gateway", "subnet"),
    "egress": ("each", "one", "regional", "private", "instance", "transit", "none"),
    "database_table": ("own", "private", "main"),
    "secondary_range": _YES_NO,
    "balancer": ("subnets", "subnets", "mappings"),
    "token": ("lb", "alb"),
    "native_balancer": (False, False, True),
    "internal": _YES_NO,
    "network_balancer": _YES_NO,
    "addresses": ("IPv4", "IPv4", "both", "IPv6"),
    "spoke": _YES_NO,
    "beside": ("nothing", "nothing", "default VPC", "elsewhere"),
}
_DATABASE_STYLES: Final[Mapping[str, tuple[Any, ...]]] = {
    "native": (False, False, True),
    "version_style": ("stated", "derived", "left out"),
    "origin": ("members", "source"),
    "identifiers": ("id", "identifier", "literal"),
    "encrypted": _YES_NO,
    "own_key_for_primary": _YES_NO,
    "credentials": ("password", "managed", "snapshot"),
    "secondary_first": _YES_NO,
    "instances": (1, 2),
    "instance_class": _CLASSES,
    "group_by": ("name", "id", "literal"),
    "backtrack_of_another": _YES_NO,
}
_NAMES_STYLES: Final[Mapping[str, tuple[Any, ...]]] = {
    "native_zone": _YES_NO,
    "private": _YES_NO,
    "zone": ("dr.acme-corp.com", "example-dev.com", "dr-failover-x.test.local"),
    "record": ("alias", "alias with check", "address"),
    "literal_zone_id": _YES_NO,
}
_PEERING_ROUTES: Final = ("separate", "none")


def _drawn(styles: Mapping[str, tuple[Any, ...]]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: st.sampled_from(options) for name, options in styles.items()}


_region_plans = st.builds(RegionPlan, **_drawn(_REGION_STYLES))
_names_plans = st.builds(NamesPlan, **_drawn(_NAMES_STYLES))
_engines = st.sampled_from(
    [(engine, version) for engine, versions in _VERSIONS.items() for version in versions]
)
_database_plans = st.builds(
    lambda chosen, **styles: DatabasePlan(engine=chosen[0], version=chosen[1], **styles),
    chosen=_engines,
    **_drawn(_DATABASE_STYLES),
)

NAMINGS: Final[Mapping[str, Name]] = {
    "plain": str,
    "backwards": lambda name: name[::-1],
    "prefixed": lambda name: f"zz-{name}",
    "suffixed": lambda name: f"{name}-3f2a",
    "scrambled": lambda name: f"{sum(map(ord, name)) * 7919 % 1000:03d}-{name}",
}
"""Ways to name everything; names must not matter."""


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Every combination of styles."""
    places = draw(st.permutations(tuple(_PLACES)))[: draw(st.sampled_from((2, 2, 3)))]
    version = draw(st.sampled_from((6, 7)))
    providers = ("each", "second only", "environment", *(("property",) if version == 7 else ()))
    return Plan(
        places=tuple(places),
        regions=tuple(draw(_region_plans) for _ in places),
        providers=draw(st.sampled_from(providers)),
        version=version,
        component=draw(st.booleans()),
        peering=draw(st.booleans()),
        peering_routes=draw(st.sampled_from(_PEERING_ROUTES)),
        database=draw(st.one_of(st.none(), _database_plans, _database_plans)),
        names=draw(st.one_of(st.none(), _names_plans)),
        naming=NAMINGS[draw(st.sampled_from(tuple(NAMINGS)))],
    )


def samples() -> list[Plan]:
    """A few fixed plans that hold every style of a region, a database and names at least once."""

    def styles(options: Mapping[str, tuple[Any, ...]], number: int) -> dict[str, Any]:
        return {name: each[number % len(each)] for name, each in options.items()}

    engines = [(engine, each) for engine, versions in _VERSIONS.items() for each in versions]
    found = []
    for number in range(8):
        engine, version = engines[number % len(engines)]
        found.append(
            Plan(
                places=("us-east-1", "us-west-2"),
                regions=(
                    RegionPlan(**styles(_REGION_STYLES, number)),
                    RegionPlan(**styles(_REGION_STYLES, number + 3)),
                ),
                providers=("each", "second only", "environment", "property")[number % 4],
                version=7 if number % 4 == 3 else 6 + number // 4,
                component=number % 2 == 1,
                peering=number != 5,
                peering_routes=_PEERING_ROUTES[number % 2],
                database=DatabasePlan(
                    engine=engine, version=version, **styles(_DATABASE_STYLES, number)
                ),
                names=NamesPlan(**styles(_NAMES_STYLES, number)),
            )
        )
    return found


# --- the stack -----------------------------------------------------------------------------------


@dataclass
class RegionParts:
    """What one region holds, by role."""

    plan: RegionPlan
    place: str
    cidr: str
    vpc: Made
    gateway: Made
    attachment: Made | None
    public: list[Made] = field(default_factory=list)
    private: list[Made] = field(default_factory=list)
    isolated: list[Made] = field(default_factory=list)
    public_tables: list[Made] = field(default_factory=list)
    public_routes: list[Made] = field(default_factory=list)
    public_associations: list[Made] = field(default_factory=list)
    private_table: Made | None = None
    nats: list[Made] = field(default_factory=list)
    group: Made | None = None
    balancer: Made | None = None
    inner_balancer: Made | None = None
    network_balancer: Made | None = None
    target_group: Made | None = None
    listener: Made | None = None
    key: Made | None = None
    subnet_group: Made | None = None
    cluster: Made | None = None
    instances: list[Made] = field(default_factory=list)
    lone_cluster: Made | None = None
    spoke: Made | None = None
    spoke_peering: Made | None = None


@dataclass
class Topology:
    """A stack with handles on what it is made of, so that one thing can be broken by name."""

    plan: Plan
    stack: Stack
    regions: list[RegionParts] = field(default_factory=list)
    peering: Made | None = None
    accepter: Made | None = None
    global_cluster: Made | None = None
    zone: Made | None = None
    records: list[Made] = field(default_factory=list)

    def put(self, made: Made, name: str, value: Any) -> None:
        """Declare another value."""
        made.inputs = {**made.inputs, name: value}
        made.outputs.pop(name, None)

    def unset(self, made: Made, *names: str) -> None:
        """Declare a property no more."""
        made.inputs = {key: value for key, value in made.inputs.items() if key not in names}

    def remove(self, *gone: Made) -> None:
        """Take resources out of the program, with the lines that only served them: routes,
        associations and attachments that name them, elements of lists, waits."""
        removed = set(gone)
        for made in self.stack.resources:
            if made.type.endswith(_SERVANTS) and _names_any(made.inputs, removed):
                removed.add(made)
        self.stack.resources = [each for each in self.stack.resources if each not in removed]
        for made in self.stack.resources:
            made.depends_on = tuple(each for each in made.depends_on if each not in removed)
            for name, value in made.inputs.items():
                if isinstance(value, list):
                    kept = [each for each in value if not _names_any(each, removed)]
                    if len(kept) < len(value):
                        made.inputs = {**made.inputs, name: kept}


_SERVANTS: Final = (
    ":Route",
    ":RouteTableAssociation",
    ":SubnetRouteTableAssociation",
    ":InternetGatewayAttachment",
    ":VpcGatewayAttachment",
    ":VpcPeeringConnectionAccepter",
)


def _names_any(value: Any, gone: set[Made]) -> bool:
    if isinstance(value, Output):
        return bool(value.sources) and set(value.sources) <= gone
    if isinstance(value, Mapping):
        return any(_names_any(each, gone) for each in value.values())
    if isinstance(value, (list, tuple)):
        return any(_names_any(each, gone) for each in value)
    return False


def ref(made: Made) -> Output:
    """What other resources write where they mean this one: its id, in both dialects."""
    if not made.type.startswith("aws-native:"):
        return made.id
    term = TERMS.get(made.type)
    for own in term.identifiers[1:] if term else ():
        if own in made.outputs or own in made.inputs:
            return made.output(own)
    return made.output("id")


class _Place(Stack):
    """The stack as the code for one region sees it: every resource lands in that region."""

    def __init__(self, topology: Topology, index: int) -> None:
        super().__init__(resources=topology.stack.resources)
        self.plan = topology.plan
        self.place = topology.plan.places[index]
        self._index = index
        self._parent: str | None = None
        self.component: Made | None = None

    def add(self, type_token: str, name: str, inputs: Any = None, **options: Any) -> Made:
        """Add a resource the way the plan's provider style does."""
        style, native = self.plan.providers, type_token.startswith("aws-native:")
        is_global = type_token.startswith("aws:route53/")
        by_property = style == "property" and self._index and not native
        default = (style == "second only" and not self._index) or style == "property"
        place: str | None = self.plan.places[0] if by_property else self.place
        if style == "environment" and not self._index:
            place, default = None, True
        given = dict(inputs or {})
        if self.plan.version == 7 and not native and not is_global and place:
            given.setdefault("region", self.place)
        computed = dict(options.pop("computed", None) or {})
        provider = "default" if default and (by_property or not native) else str(self.place)
        made = super().add(
            type_token,
            self.plan.naming(name),
            given,
            computed=computed,
            provider={"region": place} if place else {},
            provider_name=f"{provider}-native" if native else provider,
            **options,
        )
        if self.plan.version == 7 and not native and not is_global and "region" not in given:
            made.outputs["region"] = self.place
        if native:
            _without_id(made)
        if self.component:
            made.parent = self.component.urn
            made.urn = made.urn.replace(f"::{type_token}::", f"::{_COMPONENT}${type_token}::")
        return made

    def arn(self, service: str, rest: str) -> str:
        return f"arn:aws:{service}:{self.place}:{_ACCOUNT}:{rest}"


def _without_id(made: Made) -> None:
    """aws-native outputs carry no `id` but the resource's own identifier."""
    identifier = made.outputs.pop("id")
    term = TERMS.get(made.type)
    own = term.identifiers[1:2] if term else ()
    for name in own:
        if name not in made.inputs and name not in made.outputs:
            made.outputs[name] = identifier


def build(plan: Plan) -> Topology:
    """The stack of a plan."""
    topology = Topology(plan, Stack(region=None))
    places = [_Place(topology, index) for index in range(len(plan.places))]
    for index, place in enumerate(places):
        if plan.component:
            place.component = _component(topology.stack, plan.naming(f"region-{place.place}"))
        topology.regions.append(_region(place, plan.regions[index], index))
    if plan.peering:
        _peer(topology, places)
    if plan.database:
        _database(topology, places, plan.database)
    if plan.names:
        _names(topology, places, plan.names)
    return topology


def _component(stack: Stack, name: str) -> Made:
    made = stack.add(_COMPONENT, name)
    made.provider = None
    return made


# --- one region ----------------------------------------------------------------------------------


def _region(place: _Place, plan: RegionPlan, index: int) -> RegionParts:
    cidr = f"10.{index}.0.0/16"
    parts = _native_vpc(place, plan, cidr) if plan.native else _vpc(place, plan, cidr)
    home = _home(parts)
    _tier(place, parts, home, "public", into=parts.public, third=0)
    if plan.vpc_id == "subnet":
        home = Output(ref(parts.vpc), (parts.public[0],))
    _tier(place, parts, home, "private", into=parts.private, third=16)
    _tier(place, parts, home, "isolated", into=parts.isolated, third=32)
    tables = _native_tables if plan.native else _tables
    tables(place, parts)
    _egress(place, parts)
    _groups(place, parts)
    _balancers(place, parts)
    if plan.spoke:
        _spoke(place, parts, index)
    if plan.beside == "default VPC":
        _in_the_default_vpc(place)
    elif plan.beside == "elsewhere":
        _elsewhere(place)
    return parts


def _vpc(place: _Place, plan: RegionPlan, cidr: str) -> RegionParts:
    tag = place.place
    home = aws.vpc(place, f"{tag}-vpc", cidr)
    if plan.secondary_range:
        third = int(cidr.split(".")[1])
        place.add(
            "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
            f"{tag}-more",
            {"vpcId": home.id, "cidrBlock": f"100.{64 + third}.0.0/16"},
        )
    attached = plan.gateway == "attached"
    igw = aws.gateway(place, f"{tag}-igw", None if attached else home)
    if attached:
        igw.outputs["vpcId"] = ref(home)
    attachment = aws.attachment(place, f"{tag}-attachment", igw, home) if attached else None
    return RegionParts(plan, place.place, cidr, home, igw, attachment)


def _native_vpc(place: _Place, plan: RegionPlan, cidr: str) -> RegionParts:
    tag = place.place
    home = place.add("aws-native:ec2:Vpc", f"{tag}-vpc", {"cidrBlock": cidr})
    igw = place.add("aws-native:ec2:InternetGateway", f"{tag}-igw", {})
    attachment = place.add(
        "aws-native:ec2:VpcGatewayAttachment",
        f"{tag}-attachment",
        {"vpcId": ref(home), "internetGatewayId": ref(igw)},
        computed={"attachmentType": "IGW"},
    )
    return RegionParts(plan, place.place, cidr, home, igw, attachment)


def _home(parts: RegionParts) -> Output:
    """How the region's code writes the id of its VPC."""
    if parts.plan.vpc_id == "gateway":
        return Output(ref(parts.vpc), (parts.attachment or parts.gateway,))
    return ref(parts.vpc)


def _tier(
    place: _Place, parts: RegionParts, home: Output, tier: str, *, into: list[Made], third: int
) -> None:
    second = parts.cidr.split(".")[1]
    for number in range(parts.plan.zones):
        letter = "abc"[number]
        zone = {"availabilityZone": f"{place.place}{letter}"}
        zone_id = {"availabilityZoneId": f"{_PLACES[place.place]}-az{number + 1}"}
        given, computed = (zone_id, zone) if parts.plan.zone_ids else (zone, zone_id)
        own = place.add(
            "aws-native:ec2:Subnet" if parts.plan.native else "aws:ec2/subnet:Subnet",
            f"{place.place}-{tier}-{letter}",
            {"vpcId": home, "cidrBlock": f"10.{second}.{third + number}.0/24", **given},
            computed={**computed, "ipv6CidrBlock": ""},
        )
        into.append(own)


def _wired(parts: RegionParts, subnets: Sequence[Made]) -> list[Output]:
    """The ids of one tier as they reach other resources, one by one."""
    direct = [ref(each) for each in subnets]
    if parts.plan.wiring in ("direct", "everything"):
        return direct
    listed = Output.all(*direct)
    return [listed.element(position) for position in range(len(direct))]


def _associate(place: _Place, parts: RegionParts, subnets: Sequence[Made], at: Made) -> list[Made]:
    token = (
        "aws-native:ec2:SubnetRouteTableAssociation"
        if parts.plan.native
        else "aws:ec2/routeTableAssociation:RouteTableAssociation"
    )
    return [
        place.add(
            token,
            f"{place.place}-{at.name}-{number}-association-{subnets[0].name}",
            {"subnetId": identifier, "routeTableId": ref(at)},
        )
        for number, identifier in enumerate(_wired(parts, subnets))
    ]


def _tables(place: _Place, parts: RegionParts) -> None:
    """Route tables of the public tier, and of the others where the main table is public."""
    plan, home, tag = parts.plan, parts.vpc, place.place
    if plan.public == "on main":
        main = home.output("mainRouteTableId")
        parts.public_routes += _public_routes(place, parts, main, f"{tag}-main")
    elif plan.public == "adopted":
        adopted = place.add(
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
            f"{tag}-adopted",
            {"defaultRouteTableId": home.output("defaultRouteTableId"), **_inline(parts)},
            computed={"vpcId": ref(home), "id": home.output("mainRouteTableId").value},
            depends_on=_waits_inline(parts),
        )
        if not _writes_inline(plan):
            adopted.outputs["routes"] = []
            parts.public_routes += _public_routes(place, parts, adopted.id, f"{tag}-adopted")
        parts.public_tables.append(adopted)
    elif plan.public == "each":
        for subnet in parts.public:
            made = _public_table(place, parts, f"{tag}-public-{subnet.name}")
            parts.public_associations += _associate(place, parts, [subnet], made)
    else:
        made = _public_table(place, parts, f"{tag}-public")
        if plan.public == "swapped":
            place.add(
                "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
                f"{tag}-swap",
                {"vpcId": home.id, "routeTableId": made.id},
            )
        else:
            parts.public_associations += _associate(place, parts, parts.public, made)
    parts.private_table = aws.table(place, f"{tag}-private", home)
    _associate(place, parts, parts.private, parts.private_table)
    _isolate(place, parts, lambda: aws.table(place, f"{tag}-isolated", home))


def _isolate(place: _Place, parts: RegionParts, make: Callable[[], Made]) -> None:
    table = parts.plan.database_table
    if table == "own":
        _associate(place, parts, parts.isolated, make())
    elif table == "private" or parts.plan.public in ("swapped", "adopted", "on main"):
        assert parts.private_table is not None
        _associate(place, parts, parts.isolated, parts.private_table)


def _native_tables(place: _Place, parts: RegionParts) -> None:
    def table(name: str) -> Made:
        return place.add(
            "aws-native:ec2:RouteTable", f"{place.place}-{name}", {"vpcId": ref(parts.vpc)}
        )

    each = parts.plan.public == "each"
    for subnets in [[one] for one in parts.public] if each else [parts.public]:
        made = table(f"public-{subnets[0].name}")
        parts.public_tables.append(made)
        parts.public_routes += _public_routes(place, parts, ref(made), made.name)
        parts.public_associations += _associate(place, parts, subnets, made)
    parts.private_table = table("private")
    _associate(place, parts, parts.private, parts.private_table)
    if parts.plan.database_table != "main":
        _associate(place, parts, parts.isolated, parts.private_table)


def _writes_inline(plan: RegionPlan) -> bool:
    return plan.routes.startswith("inline") and not plan.native


def _inline(parts: RegionParts) -> dict[str, Any]:
    """The routes of a public table as blocks inside it, where the plan wants that."""
    if not _writes_inline(parts.plan):
        return {}
    gateway = {"gatewayId": parts.gateway.id}
    blocks = [{"cidrBlock": "0.0.0.0/0", **gateway}]
    if parts.plan.routes.endswith("IPv6") or parts.plan.addresses != "IPv4":
        blocks.append({"ipv6CidrBlock": "::/0", **gateway})
    return {"routes": blocks}


def _waits_inline(parts: RegionParts) -> tuple[Made, ...]:
    """What a table must wait for because of the blocks inside it."""
    if parts.attachment is None or not _writes_inline(parts.plan):
        return ()
    return (parts.attachment,)


def _public_table(place: _Place, parts: RegionParts, name: str) -> Made:
    made = aws.table(place, name, parts.vpc, _inline(parts).get("routes"))
    made.depends_on = _waits_inline(parts)
    if not _writes_inline(parts.plan):
        parts.public_routes += _public_routes(place, parts, made.id, name)
    parts.public_tables.append(made)
    return made


def _public_routes(place: _Place, parts: RegionParts, table: Output, name: str) -> list[Made]:
    halves = parts.plan.routes == "halves"
    routes = [
        _route(place, parts, f"{name}-out-{number}", table, cidr, gatewayId=ref(parts.gateway))
        for number, cidr in enumerate(("0.0.0.0/1", "128.0.0.0/1") if halves else ("0.0.0.0/0",))
    ]
    if parts.plan.addresses != "IPv4":
        six = _route(place, parts, f"{name}-out-6", table, "", gatewayId=ref(parts.gateway))
        six.inputs = {**six.inputs, "destinationIpv6CidrBlock": "::/0"}
        del six.inputs["destinationCidrBlock"]
        routes.append(six)
    return routes


def _route(
    place: _Place,
    parts: RegionParts,
    name: str,
    table: Output,
    cidr: str,
    *,
    after: Made | None = None,
    **target: Any,
) -> Made:
    waits = [parts.attachment or parts.gateway, *([after] if after else [])]
    inputs = {"routeTableId": table, "destinationCidrBlock": cidr, **target}
    if parts.plan.native:
        return place.add("aws-native:ec2:Route", name, inputs, depends_on=waits)
    return place.add(
        "aws:ec2/route:Route",
        name,
        inputs,
        computed={"instanceId": "", "networkInterfaceId": ""}
        if target.keys() != _APPLIANCE
        else {},
        depends_on=waits,
    )


_APPLIANCE: Final = {"networkInterfaceId"}


def _egress(place: _Place, parts: RegionParts) -> None:
    """The way out of the private tier."""
    plan, tag = parts.plan, place.place
    assert parts.private_table is not None
    table = ref(parts.private_table)
    if plan.egress == "none" or (plan.native and plan.egress in ("instance", "transit")):
        return
    if plan.egress == "instance":
        interface = place.add(
            "aws:ec2/networkInterface:NetworkInterface",
            f"{tag}-appliance",
            {"subnetId": ref(parts.public[0]), "sourceDestCheck": False},
        )
        _route(
            place, parts, f"{tag}-private-out", table, "0.0.0.0/0", networkInterfaceId=interface.id
        )
        return
    if plan.egress == "transit":
        transit = place.add("aws:ec2transitgateway/transitGateway:TransitGateway", f"{tag}-tgw")
        attachment = place.add(
            "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
            f"{tag}-tgw-attachment",
            {
                "subnetIds": _wired(parts, parts.private),
                "vpcId": ref(parts.vpc),
                "transitGatewayId": transit.id,
            },
        )
        name, through = f"{tag}-private-out", transit.id
        _route(place, parts, name, table, "0.0.0.0/0", after=attachment, transitGatewayId=through)
        return
    _nats(place, parts)
    _route(place, parts, f"{tag}-private-out", table, "0.0.0.0/0", natGatewayId=ref(parts.nats[0]))


def _nats(place: _Place, parts: RegionParts) -> None:
    plan, tag = parts.plan, place.place
    token = "aws-native:ec2:NatGateway" if plan.native else "aws:ec2/natGateway:NatGateway"
    waits = [parts.attachment or parts.gateway]
    if plan.egress == "regional":
        given = {"availabilityMode": "regional", "vpcId": ref(parts.vpc)}
        computed = {"subnetId": "", "connectivityType": "public", "routeTableId": f"rtb-{tag}-nat"}
        parts.nats = [place.add(token, f"{tag}-nat", given, computed=computed, depends_on=waits)]
        return
    if plan.egress == "private":
        given = {"connectivityType": "private", "subnetId": _wired(parts, parts.private)[0]}
        parts.nats = [_nat(place, parts, token, f"{tag}-nat", given)]
        return
    for number, subnet in enumerate(_wired(parts, parts.public)):
        address = place.add(
            "aws-native:ec2:Eip" if plan.native else "aws:ec2/eip:Eip",
            f"{tag}-eip-{number}",
            {"domain": "vpc"},
            computed={"allocationId": f"eipalloc-{tag}-{number}", "id": f"eipalloc-{tag}-{number}"},
            depends_on=waits,
        )
        given = {"subnetId": subnet, "allocationId": ref(address)}
        parts.nats.append(_nat(place, parts, token, f"{tag}-nat-{number}", given, waits=waits))
        if plan.egress == "one":
            return


def _nat(
    place: _Place,
    parts: RegionParts,
    token: str,
    name: str,
    given: dict[str, Any],
    *,
    waits: Iterable[Made] = (),
) -> Made:
    computed: dict[str, Any] = {"vpcId": ref(parts.vpc)}
    if not parts.plan.native:
        computed["privateIp"] = "10.0.0.5"
        given = {"connectivityType": "public", **given}
        if place.plan.version == 7:
            computed["availabilityMode"] = "zonal"
    return place.add(token, name, given, computed=computed, depends_on=waits)


def _groups(place: _Place, parts: RegionParts) -> None:
    native = parts.plan.native
    parts.group = place.add(
        "aws-native:ec2:SecurityGroup" if native else "aws:ec2/securityGroup:SecurityGroup",
        f"{place.place}-group",
        {"vpcId": ref(parts.vpc), **({"groupDescription": "web"} if native else {})},
        computed={} if native else {"ingress": [], "egress": []},
    )


# --- load balancers ------------------------------------------------------------------------------


_ADDRESSES: Final = {"IPv4": None, "both": "dualstack", "IPv6": "dualstack-without-public-ipv4"}


def _balancers(place: _Place, parts: RegionParts) -> None:
    plan, tag = parts.plan, place.place
    waits = [parts.attachment or parts.gateway]
    addresses = _ADDRESSES[plan.addresses]
    given = {"ipAddressType": addresses} if addresses else {}
    parts.balancer = _balancer(place, parts, f"{tag}-alb", parts.public, depends_on=waits, **given)
    if plan.internal:
        parts.inner_balancer = _balancer(
            place, parts, f"{tag}-inner", parts.private, **_scheme(plan, internal=True)
        )
    if plan.network_balancer:
        parts.network_balancer = _balancer(
            place, parts, f"{tag}-nlb", parts.public, kind="network", depends_on=waits
        )
    token = (
        "aws-native:elasticloadbalancingv2:%s" if plan.native_balancer else f"aws:{plan.token}/%s"
    )
    group_token, listener_token = (
        (token % "TargetGroup", token % "Listener")
        if plan.native_balancer
        else (token % "targetGroup:TargetGroup", token % "listener:Listener")
    )
    own = "targetGroupArn" if plan.native_balancer else "arn"
    parts.target_group = place.add(
        group_token,
        f"{tag}-targets",
        {"vpcId": ref(parts.vpc), "port": 80, "protocol": "HTTP", "targetType": "ip"},
        computed=_named_by_arn(own, place.arn("elasticloadbalancing", f"targetgroup/{tag}/1")),
    )
    own = "listenerArn" if plan.native_balancer else "arn"
    parts.listener = place.add(
        listener_token,
        f"{tag}-listener",
        {
            "loadBalancerArn": parts.balancer.output(
                "loadBalancerArn" if plan.native_balancer else "arn"
            ),
            "port": 80,
            "protocol": "HTTP",
            "defaultActions": [
                {"type": "forward", "targetGroupArn": _arn_of(parts.target_group)},
            ],
        },
        computed=_named_by_arn(own, place.arn("elasticloadbalancing", f"listener/app/{tag}/1/2")),
    )


def _arn_of(made: Made) -> Output:
    return made.output("targetGroupArn" if made.type.startswith("aws-native:") else "arn")


def _named_by_arn(own: str, arn: str) -> dict[str, Any]:
    return {"id": arn, own: arn}


def _scheme(plan: RegionPlan, *, internal: bool) -> dict[str, Any]:
    if plan.native_balancer:
        return {"scheme": "internal" if internal else "internet-facing"}
    return {"internal": internal}


def _subnets_as_written(
    place: _Place, parts: RegionParts, subnets: Sequence[Made]
) -> dict[str, Any]:
    """The subnets of a load balancer the way the plan writes them."""
    plan = parts.plan
    direct = [ref(each) for each in subnets]
    if plan.wiring == "list":
        return {"subnets": Output.all(*direct)}
    written = _wired(parts, subnets)
    if plan.wiring == "everything":
        sources = (*parts.public, *parts.private, *parts.isolated)
        if place.component:
            sources = (place.component, *sources)
        written = [Output(each.value, sources) for each in direct]
    if plan.balancer == "mappings":
        return {"subnetMappings": [{"subnetId": each} for each in written]}
    return {"subnets": written}


def _balancer(
    place: _Place,
    parts: RegionParts,
    name: str,
    subnets: Sequence[Made],
    *,
    kind: str = "application",
    depends_on: Iterable[Made] = (),
    **scheme: Any,
) -> Made:
    plan = parts.plan
    assert parts.group is not None
    given: dict[str, Any] = {**_subnets_as_written(place, parts, subnets), **scheme}
    given["securityGroups"] = [ref(parts.group)]
    given["type" if plan.native_balancer else "loadBalancerType"] = kind
    arn = place.arn("elasticloadbalancing", f"loadbalancer/{kind[:3]}/{name}/1")
    ids = [ref(each) for each in subnets]
    is_network = kind == "network"
    end = f"elb.{place.place}" if is_network else f"{place.place}.elb"
    computed: dict[str, Any] = {"vpcId": ref(parts.vpc), "dnsName": f"{name}.{end}.amazonaws.com"}
    zone = zone_in(NETWORK if is_network else APPLICATION, place.place)
    if plan.native_balancer:
        computed |= {"loadBalancerArn": arn, "canonicalHostedZoneId": zone}
        return place.add(
            "aws-native:elasticloadbalancingv2:LoadBalancer",
            name,
            given,
            computed=computed,
            depends_on=depends_on,
        )
    computed |= {
        **_named_by_arn("arn", arn),
        "internal": False,
        "ipAddressType": "ipv4",
        "subnets": ids,
        "subnetMappings": [{"subnetId": each, "outpostId": ""} for each in ids],
        "zoneId": zone,
    }
    return place.add(
        f"aws:{plan.token}/loadBalancer:LoadBalancer",
        name,
        given,
        computed={key: value for key, value in computed.items() if key not in given},
        depends_on=depends_on,
    )


def _spoke(place: _Place, parts: RegionParts, index: int) -> None:
    """A second VPC of the region without any gateway, peered with the first."""
    tag = place.place
    cidr = f"10.{100 + index}.0.0/16"
    if parts.plan.native:
        parts.spoke = place.add("aws-native:ec2:Vpc", f"{tag}-spoke", {"cidrBlock": cidr})
        parts.spoke_peering = place.add(
            "aws-native:ec2:VpcPeeringConnection",
            f"{tag}-spoke-peering",
            {"vpcId": ref(parts.vpc), "peerVpcId": ref(parts.spoke)},
        )
        return
    parts.spoke = aws.vpc(place, f"{tag}-spoke", cidr)
    parts.spoke_peering = place.add(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        f"{tag}-spoke-peering",
        {"vpcId": parts.vpc.id, "peerVpcId": parts.spoke.id, "autoAccept": True},
        computed={"acceptStatus": "active", "peerOwnerId": _ACCOUNT, "peerRegion": tag},
    )


def _in_the_default_vpc(place: _Place) -> None:
    """A load balancer in what the account came with, which is public by birth."""
    tag = place.place
    home = place.add("aws:ec2/defaultVpc:DefaultVpc", f"{tag}-default", {"tags": {}})
    subnets = [
        place.add(
            "aws:ec2/defaultSubnet:DefaultSubnet",
            f"{tag}-default-{letter}",
            {"availabilityZone": f"{tag}{letter}"},
            computed={"vpcId": ref(home), "availabilityZoneId": f"{_PLACES[tag]}-{letter}"},
        )
        for letter in "ab"
    ]
    aws.balancer(place, f"{tag}-of-default", aws.ids(*subnets), token="lb")


def _elsewhere(place: _Place) -> None:
    """Resources that stand in a network of another stack: nothing can be told of them."""
    tag = place.place
    # Ids of AWS are unique: no two regions have the same.
    home, literal = f"vpc-0{tag}", [f"subnet-0{tag}-a", f"subnet-0{tag}-b"]
    aws.balancer(place, f"{tag}-known-elsewhere", literal, token="alb")
    aws.balancer(place, f"{tag}-unknown-elsewhere", UNKNOWN)
    aws.table(place, f"{tag}-table-elsewhere", UNKNOWN, [])
    aws.peering(place, f"{tag}-peering-elsewhere", home, UNKNOWN)
    inputs = {"vpcId": home, "cidrBlock": "10.0.0.0/24", "availabilityZone": f"{tag}a"}
    place.add("aws:ec2/subnet:Subnet", f"{tag}-subnet-elsewhere", inputs)
    inputs = {"subnetId": literal[0], "allocationId": "eipalloc-0aaa"}
    place.add("aws:ec2/natGateway:NatGateway", f"{tag}-nat-elsewhere", inputs)
    cluster = {
        "engine": "aurora-postgresql",
        "engineVersion": "16.8",
        "globalClusterIdentifier": f"global-of-{tag}",
        "dbSubnetGroupName": UNKNOWN,
        "vpcSecurityGroupIds": ["sg-0aaa", UNKNOWN],
    }
    place.add("aws:rds/cluster:Cluster", f"{tag}-cluster-elsewhere", cluster)


# --- between the regions -------------------------------------------------------------------------


def _peer(topology: Topology, places: Sequence[_Place]) -> None:
    one, other = topology.regions[:2]
    both_native = one.plan.native and other.plan.native
    given = {"vpcId": ref(one.vpc), "peerVpcId": ref(other.vpc), "peerRegion": other.place}
    if both_native:
        token = "aws-native:ec2:VpcPeeringConnection"
        topology.peering = places[0].add(token, "peering", given)
    else:
        topology.peering = places[0].add(
            "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
            "peering",
            given,
            computed={"acceptStatus": "active", "peerOwnerId": _ACCOUNT},
        )
        topology.accepter = places[1].add(
            "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
            "accepter",
            {"vpcPeeringConnectionId": topology.peering.id, "autoAccept": True},
            computed={
                "id": topology.peering.id.value,
                "vpcId": ref(one.vpc),
                "peerVpcId": ref(other.vpc),
                "peerRegion": one.place,
                "acceptStatus": "active",
            },
        )
    if topology.plan.peering_routes == "none":
        return
    through = ref(topology.peering)
    for place, parts, cidr in ((places[0], one, other.cidr), (places[1], other, one.cidr)):
        assert parts.private_table is not None
        table = ref(parts.private_table)
        name = f"{parts.place}-to-peer"
        after = topology.accepter
        _route(place, parts, name, table, cidr, after=after, vpcPeeringConnectionId=through)


# --- the database --------------------------------------------------------------------------------


def _database(topology: Topology, places: Sequence[_Place], plan: DatabasePlan) -> None:
    first, *others = zip(places, topology.regions, strict=True)
    members = plan.origin == "members"
    if members:
        topology.global_cluster = _global_cluster(places[0], plan)
    primary = _cluster(*first, plan, topology.global_cluster, None)
    if not members:
        topology.global_cluster = _global_cluster(places[0], plan, primary)
    for place, parts in others:
        _cluster(place, parts, plan, topology.global_cluster, first[1])
    if plan.backtrack_of_another:
        _lone_cluster(*first)


_GLOBAL_IDENTIFIER: Final = "dr-global"


def _global_cluster(place: _Place, plan: DatabasePlan, source: Made | None = None) -> Made:
    given: dict[str, Any] = {"globalClusterIdentifier": _GLOBAL_IDENTIFIER}
    if source is not None:
        named = "arn" if not plan.native else "dbClusterIdentifier"
        given |= {"sourceDbClusterIdentifier": source.output(named), "forceDestroy": True}
    else:
        given |= {"engine": plan.engine, "storageEncrypted": plan.encrypted}
        if plan.version_style != "left out":
            given["engineVersion"] = plan.version
    if plan.native:
        given.pop("forceDestroy", None)
        return place.add("aws-native:rds:GlobalCluster", "global", given)
    computed = {
        "id": _GLOBAL_IDENTIFIER,
        "arn": f"arn:aws:rds::{_ACCOUNT}:global-cluster:{_GLOBAL_IDENTIFIER}",
        "engine": plan.engine,
        "engineVersion": plan.version,
        "storageEncrypted": plan.encrypted,
        "databaseName": "",
        "sourceDbClusterIdentifier": "",
        "globalClusterMembers": [],
    }
    return place.add(
        "aws:rds/globalCluster:GlobalCluster",
        "global",
        given,
        computed={key: value for key, value in computed.items() if key not in given},
    )


def _membership(plan: DatabasePlan, global_cluster: Made) -> Any:
    if plan.identifiers == "literal":
        return _GLOBAL_IDENTIFIER
    if plan.identifiers == "identifier" or plan.native:
        return global_cluster.output("globalClusterIdentifier")
    return global_cluster.id


def _cluster(
    place: _Place,
    parts: RegionParts,
    plan: DatabasePlan,
    global_cluster: Made | None,
    primary: RegionParts | None,
) -> Made:
    """One member: the primary, or a secondary of `primary`."""
    tag = place.place
    _subnet_group(place, parts, plan)
    identifier = f"dr-{tag}"
    given: dict[str, Any] = {"engine": plan.engine, **_placed(parts, plan)}
    given["dbClusterIdentifier" if plan.native else "clusterIdentifier"] = identifier
    if global_cluster is not None:
        given["globalClusterIdentifier"] = _membership(plan, global_cluster)
    if plan.version_style == "stated":
        given["engineVersion"] = plan.version
    elif plan.version_style == "derived" and global_cluster is not None:
        given["engineVersion"] = global_cluster.output("engineVersion")
    if plan.encrypted:
        given["storageEncrypted"] = True
        if primary is not None or plan.own_key_for_primary:
            given["kmsKeyId"] = _key(place, parts, plan)
    if plan.instance_class == "db.serverless":
        own = "serverlessV2" if plan.native else "serverlessv2"
        given[f"{own}ScalingConfiguration"] = {"minCapacity": 0.5, "maxCapacity": 8}
    if primary is None:
        given |= _credentials(plan, in_members=global_cluster is not None)
    waits = [] if primary is None else primary.instances
    # Members may come in either order in a program and by name.
    name = f"{'a' if (primary is None) != plan.secondary_first else 'b'}-{tag}-cluster"
    token = "aws-native:rds:DbCluster" if plan.native else "aws:rds/cluster:Cluster"
    computed = _computed_by_rds(place, parts, plan, identifier)
    parts.cluster = place.add(
        token,
        name,
        given,
        computed={key: value for key, value in computed.items() if key not in given},
        depends_on=waits,
    )
    _instances(place, parts, plan)
    return parts.cluster


def _credentials(plan: DatabasePlan, *, in_members: bool) -> dict[str, Any]:
    if plan.credentials == "snapshot" and not in_members:
        return {"snapshotIdentifier": "rds:before-the-move"}
    password = {
        "masterUserPassword" if plan.native else "masterPassword": Secret("hunter2-hunter2")
    }
    return {"masterUsername": "dr_admin", "databaseName": "app", **password}


def _computed_by_rds(
    place: _Place, parts: RegionParts, plan: DatabasePlan, identifier: str
) -> dict[str, Any]:
    arn = place.arn("rds", f"cluster:{identifier}")
    if plan.native:
        return {"dbClusterArn": arn, "engineVersion": plan.version}
    return {
        "id": identifier,
        "arn": arn,
        "engineVersion": plan.version,
        "storageEncrypted": plan.encrypted,
        "kmsKeyId": place.arn("kms", "key/aws-rds") if plan.encrypted else "",
        "masterUsername": "dr_admin",
        "databaseName": "app",
        "availabilityZones": [f"{place.place}{letter}" for letter in "abc"],
        "clusterMembers": [],
        "clusterResourceId": f"cluster-{identifier}",
        "storageType": "",
        "endpoint": f"{identifier}.cluster.rds.amazonaws.com",
        "port": 5432,
    }


def _placed(parts: RegionParts, plan: DatabasePlan) -> dict[str, Any]:
    assert parts.group is not None
    assert parts.subnet_group is not None
    own = "dbSubnetGroupName" if plan.native else "name"
    named: Any = parts.subnet_group.output(own)
    if plan.group_by == "id":
        named = ref(parts.subnet_group)
    elif plan.group_by == "literal":
        named = parts.subnet_group.inputs[own]
    return {"dbSubnetGroupName": named, "vpcSecurityGroupIds": [ref(parts.group)]}


def _subnet_group(place: _Place, parts: RegionParts, plan: DatabasePlan) -> None:
    if parts.subnet_group is not None:
        return
    tag = place.place
    identifier = f"dr-{tag}-subnets"
    subnets: Any = _wired(parts, parts.isolated)
    if parts.plan.wiring == "list":
        subnets = Output.all(*[ref(each) for each in parts.isolated])
    if plan.native:
        parts.subnet_group = place.add(
            "aws-native:rds:DbSubnetGroup",
            f"{tag}-subnet-group",
            {
                "dbSubnetGroupName": identifier,
                "dbSubnetGroupDescription": "DR",
                "subnetIds": subnets,
            },
        )
        return
    parts.subnet_group = place.add(
        "aws:rds/subnetGroup:SubnetGroup",
        f"{tag}-subnet-group",
        {"name": identifier, "subnetIds": subnets},
        computed={
            "id": identifier,
            "arn": place.arn("rds", f"subgrp:{identifier}"),
            "vpcId": ref(parts.vpc),
        },
    )


def _key(place: _Place, parts: RegionParts, plan: DatabasePlan) -> Output:
    tag = place.place
    token = "aws-native:kms:Key" if plan.native else "aws:kms/key:Key"
    computed = {"keyId": f"key-{tag}", "arn": place.arn("kms", f"key/key-{tag}")}
    parts.key = place.add(token, f"{tag}-key", {"enableKeyRotation": True}, computed=computed)
    return parts.key.output("arn")


def _instances(place: _Place, parts: RegionParts, plan: DatabasePlan) -> None:
    assert parts.cluster is not None
    tag = place.place
    by_literal = plan.identifiers == "literal" and not plan.native
    cluster: Any = f"dr-{tag}" if by_literal else ref(parts.cluster)
    for number in range(plan.instances):
        if plan.native:
            token = "aws-native:rds:DbInstance"
            given = {"dbClusterIdentifier": cluster, "dbInstanceClass": plan.instance_class}
        else:
            token = "aws:rds/clusterInstance:ClusterInstance"
            given = {"clusterIdentifier": cluster, "instanceClass": plan.instance_class}
        made = place.add(
            token,
            f"{tag}-instance-{number}",
            {**given, "engine": plan.engine},
            computed={"engineVersion": plan.version, "storageEncrypted": plan.encrypted},
            depends_on=[parts.cluster],
        )
        parts.instances.append(made)


def _lone_cluster(place: _Place, parts: RegionParts) -> None:
    """A cluster outside the global database; there, backtrack is fine."""
    parts.lone_cluster = place.add(
        "aws:rds/cluster:Cluster",
        f"{place.place}-reports",
        {
            "engine": "aurora-mysql",
            "engineVersion": "8.0.mysql_aurora.3.10.0",
            "clusterIdentifier": "reports",
            "backtrackWindow": 3600,
            "masterUsername": "reports_admin",
            "masterPassword": Secret("correct-horse"),
        },
        computed={"arn": place.arn("rds", "cluster:reports"), "storageEncrypted": False},
    )


# --- names ---------------------------------------------------------------------------------------


def _names(topology: Topology, places: Sequence[_Place], plan: NamesPlan) -> None:
    place = places[0]
    first, second = topology.regions[:2]
    name = "example.com" if plan.private else plan.zone
    vpcs = {"vpcs": [{"vpcId": ref(first.vpc)}]} if plan.private else {}
    if plan.native_zone:
        token = "aws-native:route53:HostedZone"
        topology.zone = place.add(token, "zone", {"name": name, **vpcs})
    else:
        computed = {"zoneId": "Z0123456789", "id": "Z0123456789", "nameServers": ["ns-1"]}
        topology.zone = place.add(
            "aws:route53/zone:Zone", "zone", {"name": name, **vpcs}, computed=computed
        )
    zone: Any = "Z9999999999" if plan.literal_zone_id else ref(topology.zone)
    for role, parts in (("PRIMARY", first), ("SECONDARY", second)):
        topology.records.append(_record(place, plan, parts, zone=zone, domain=name, role=role))


def _record(
    place: _Place, plan: NamesPlan, parts: RegionParts, *, zone: Any, domain: str, role: str
) -> Made:
    assert parts.balancer is not None
    given: dict[str, Any] = {
        "zoneId": zone,
        "name": f"app.{domain}",
        "type": "A",
        "setIdentifier": role.lower(),
        "failoverRoutingPolicies": [{"type": role}],
    }
    if plan.record == "address":
        address = "198.51.100.7" if role == "PRIMARY" else "203.0.113.7"
        given |= {"records": [address], "ttl": 30}
    else:
        native = parts.balancer.type.startswith("aws-native:")
        alias = {
            "name": parts.balancer.output("dnsName"),
            "zoneId": parts.balancer.output("canonicalHostedZoneId" if native else "zoneId"),
            "evaluateTargetHealth": plan.record == "alias",
        }
        given["aliases"] = [alias]
    if plan.record != "alias" and role == "PRIMARY":
        check = place.add(
            "aws:route53/healthCheck:HealthCheck",
            f"check-{role.lower()}",
            {"fqdn": f"primary.{domain}", "port": 443, "type": "HTTPS", "failureThreshold": 3},
            computed={"arn": "arn:aws:route53:::healthcheck/1"},
        )
        given["healthCheckId"] = check.id
    return place.add(
        "aws:route53/record:Record", f"record-{role.lower()}", given, computed={"fqdn": domain}
    )
