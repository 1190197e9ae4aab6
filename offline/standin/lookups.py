"""Answers to functions (data sources): what a program looks up instead of creating.

What the stack itself has created, and what the description of the world says to exist, is found in
the `World`, by filters too. Anything else is taken to exist, as a program that looks it up expects,
with ids that follow from what was asked.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

from offline.standin import aws
from offline.standin.identity import (
    ACCOUNT,
    ZONE_LETTERS,
    default_subnet,
    default_vpc,
    digest,
    id_property,
    kind_of,
    new_arn,
    uuid,
    zone_id,
    zones,
)
from offline.standin.schema import Function, Resource
from offline.standin.world import World

Arguments = Mapping[str, Any]
Answer = Callable[[Arguments, str, World], dict[str, Any]]
"""Takes the arguments, the region and the world; returns the result properties that it decides."""


def answer(function: Function, arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    """Return a function's whole result: arguments, what is decided here, and values by type."""
    given = {key: value for key, value in arguments.items() if value is not None}
    special = _ANSWERS.get(_short(function.token))
    decided = special(given, region, world) if special else {}
    seed = f"{function.token}/{region}/{json.dumps(given, sort_keys=True, default=str)}"
    identity = str(given.get("id") or decided.get("id") or digest(seed, 20))
    module = _short(function.token).split(":", maxsplit=1)[0]
    kind = f"{module}:{function.token.split(':')[-1].removeprefix('get')}"
    instance = aws.Instance(kind, identity, str(given.get("name") or "existing"), {}, region, world)
    depth = 0 if special else aws.DEPTH
    result: dict[str, Any] = {}
    for name, item in function.outputs.items():
        if name in decided:
            result[name] = decided[name]
        elif name in given:
            result[name] = given[name]
        elif name == "id":
            result[name] = identity
        elif name == "region":
            result[name] = region
        elif not item.required:
            result[name] = None
        elif name == "arn":
            result[name] = new_arn(
                kind, str(given.get("name") or identity), {}, region=region, seed=seed
            )
        else:
            result[name] = aws.invented(instance, name, item.type, function.output_objects, depth)
    return result


def _short(token: str) -> str:
    """Return `module:function`, the same for both providers."""
    parts = token.split(":")
    return f"{parts[1].split('/')[0] or 'index'}:{parts[-1]}"


def existing_inputs(resource: Resource, identity: str, region: str) -> dict[str, Any]:
    """Return inputs for a resource that exists outside the stack and is read by its id."""
    kind = kind_of(resource.token)
    instance = aws.Instance(kind, identity, "existing", {}, region, World())
    inputs = {
        name: aws.invented(instance, name, item.type, resource.input_objects)
        for name, item in resource.inputs.items()
        if item.required
    }
    if "region" in resource.inputs:
        inputs["region"] = region
    for name in ("name", id_property(kind)):
        if name in resource.inputs:
            inputs[name] = identity
    if kind == "ec2:Vpc":
        inputs["cidrBlock"] = _cidr(identity)
    if kind == "ec2:Subnet":
        inputs["cidrBlock"] = _cidr(identity).replace(".0.0/16", ".0.0/24")
        inputs["availabilityZone"] = _zone_for(identity, region)
    return inputs


def _cidr(identity: str) -> str:
    return f"10.{int(digest(identity, 2), 16)}.0.0/16"


def _zone_for(identity: str, region: str) -> str:
    return zones(region)[int(digest(identity, 4), 16) % len(ZONE_LETTERS)]


def _filters(arguments: Arguments) -> dict[str, list[Any]]:
    return {
        str(item.get("name")): list(item.get("values") or [])
        for item in arguments.get("filters") or []
        if isinstance(item, Mapping)
    }


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


# EC2's filters are named after properties, but for these.
_FILTERED = {"subnet-id": "id", "route-table-id": "id", "cidr": "cidrBlock", "isDefault": "default"}

# What every resource has: one of which it is not said is not what was asked for.
_ALWAYS = {"vpcId", "id", "cidrBlock", "availabilityZone", "availabilityZoneId"}


def _fits(item: Mapping[str, Any], filters: Mapping[str, list[Any]]) -> bool:
    """Whether EC2 would find a resource by all of the filters."""
    return all(_fits_one(item, name, values) for name, values in filters.items())


def _fits_one(item: Mapping[str, Any], name: str, values: list[Any]) -> bool:
    """Whether EC2 would find a resource by a filter. What nobody said of it is false or fits."""
    wanted = [_text(value) for value in values]
    if name == "tag-key" or name.startswith("tag:"):
        tags = {**(item.get("tagsAll") or {}), **(item.get("tags") or {})}
        found = list(tags) if name == "tag-key" else [tags.get(name.removeprefix("tag:"))]
        return any(_like(each, wanted) for each in found if each is not None)
    key = _FILTERED.get(name) or _camel(name)
    value = item.get(key)
    if value in (None, ""):
        return key not in _ALWAYS and wanted != ["true"]
    return isinstance(value, (list, dict)) or _like(value, wanted)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _like(value: Any, wanted: list[str]) -> bool:
    """Whether a value is one of those wanted, in which `*` and `?` stand for anything."""
    return any(fnmatchcase(_text(value), pattern) for pattern in wanted)


def _asked(arguments: Arguments) -> dict[str, list[Any]]:
    """Return what a lookup asks for as filters, whichever arguments say it."""
    tags = {f"tag:{key}": [value] for key, value in (arguments.get("tags") or {}).items()}
    direct = {
        name: [arguments[key]]
        for name, key in (("vpc-id", "vpcId"), ("availability-zone", "availabilityZone"))
        if arguments.get(key)
    }
    return {**_filters(arguments), **tags, **direct}


def _search(
    world: World, kinds: tuple[str, ...], filters: Mapping[str, list[Any]], region: str
) -> list[dict[str, Any]]:
    """Return what exists of some kinds in a region and fits every filter."""
    return [
        item
        for kind in kinds
        for item in world.of_kind(kind)
        if item.get("region") in (None, "", region) and _fits(item, filters)
    ]


_VPCS = ("ec2:Vpc", "ec2:DefaultVpc")
_SUBNETS = ("ec2:Subnet", "ec2:DefaultSubnet")
_TABLES = ("ec2:RouteTable", "ec2:DefaultRouteTable")


def _described(
    arguments: Arguments, region: str, world: World, kinds: tuple[str, ...]
) -> dict[str, Any]:
    """Return the one thing that a lookup by filters or tags finds, or an empty dict."""
    filters = _asked(arguments)
    found = _search(world, kinds, filters, region) if filters else []
    if len(found) != 1:
        return {}
    return _known(world, str(found[0]["id"]))


def _availability_zones(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    left_out = set(arguments.get("excludeNames") or [])
    ids_left_out = set(arguments.get("excludeZoneIds") or [])
    filters = {"zone-name": ["*"], "zone-id": ["*"], **_filters(arguments)}
    names = [
        zone
        for zone in zones(region)
        if zone not in left_out
        and zone_id(zone) not in ids_left_out
        and _like(zone, filters["zone-name"])
        and _like(zone_id(zone), filters["zone-id"])
    ]
    ids = [zone_id(zone) for zone in names]
    # `azs` is what aws-native calls them.
    return {"id": region, "names": names, "azs": names, "zoneIds": ids, "groupNames": [region]}


def _availability_zone(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    name = str(arguments.get("name") or zones(region)[0])
    wanted = arguments.get("zoneId")
    name = next((zone for zone in zones(region) if zone_id(zone) == wanted), name)
    return {
        "id": name,
        "name": name,
        "nameSuffix": name[-1],
        "zoneId": zone_id(name),
        "zoneType": "availability-zone",
        "groupName": region,
        "networkBorderGroup": region,
        "optInStatus": "opt-in-not-required",
        "state": "available",
    }


def _caller(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    arn = f"arn:aws:iam::{ACCOUNT}:user/preview"
    return {"id": ACCOUNT, "accountId": ACCOUNT, "userId": "AIDAEXAMPLE", "arn": arn}


def _cidr_parts(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    """Cut a block into `count` blocks that leave `cidrBits` for hosts (aws-native's Fn::Cidr)."""
    network = ipaddress.ip_network(str(arguments["ipBlock"]))
    prefix = network.max_prefixlen - int(arguments["cidrBits"])
    parts = network.subnets(new_prefix=prefix)
    return {"subnets": [str(part) for part in islice(parts, int(arguments["count"]))]}


def _import_value(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    return {"value": f"imported-{digest(str(arguments.get('name')), 8)}"}


def _region(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    name = str(arguments.get("name") or arguments.get("region") or region)
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": name,
        "endpoint": f"ec2.{name}.amazonaws.com",
    }


# Those that an account has without opting in (AWS, Account Management Reference Guide, "Enable or
# disable AWS Regions in your account", 2026-11-28).
_REGIONS = (
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1"),
    *("ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2"),
    *("eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"),
)


def _regions(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    filters = _filters(arguments)

    def described(name: str) -> Mapping[str, str]:
        endpoint, opt_in = f"ec2.{name}.amazonaws.com", "opt-in-not-required"
        return {"regionName": name, "endpoint": endpoint, "optInStatus": opt_in}

    return {"names": [each for each in _REGIONS if _fits(described(each), filters)]}


def _partition(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    china, gov = region.startswith("cn-"), region.startswith("us-gov-")
    name = "aws-cn" if china else "aws-us-gov" if gov else "aws"
    suffix = "amazonaws.com.cn" if china else "amazonaws.com"
    prefix = "cn.com.amazonaws" if china else "com.amazonaws"
    return {
        "id": name,
        "partition": name,
        "dnsSuffix": suffix,
        "urlSuffix": suffix,
        "reverseDnsPrefix": prefix,
    }


def _ami(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    seed = region + json.dumps(arguments, sort_keys=True, default=str)
    identity = f"ami-{digest(seed)}"
    return {
        "id": identity,
        "imageId": identity,
        "arn": f"arn:aws:ec2:{region}::image/{identity}",
        "architecture": "x86_64",
        "name": "al2023-ami-2023.0.0-x86_64",
        "rootDeviceName": "/dev/xvda",
        "rootDeviceType": "ebs",
        "virtualizationType": "hvm",
        "state": "available",
        "creationDate": "2026-01-01T00:00:00.000Z",
    }


def _parameter(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    name = str(arguments.get("name"))
    # AWS publishes its image ids under this prefix; programs use them as such.
    is_image = name.startswith("/aws/service/ami")
    value = f"ami-{digest(region + name)}" if is_image else f"value-{digest(name)}"
    return {"id": name, "name": name, "type": "String", "value": value, "version": 1}


def _vpc(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    wanted = arguments.get("id") or (_filters(arguments).get("vpc-id") or [None])[0]
    is_default = bool(arguments.get("default"))
    seed = json.dumps(arguments, sort_keys=True, default=str)
    made = default_vpc(region) if is_default else f"vpc-{digest(region + seed)}"
    found = {} if wanted else _described(arguments, region, world, _VPCS)
    identity = str(wanted or found.get("id") or made)
    known = _known(world, identity)
    return {
        "id": identity,
        "cidrBlock": "172.31.0.0/16" if is_default else _cidr(identity),
        "default": is_default,
        "mainRouteTableId": f"rtb-{digest(identity + '/main')}",
        "enableDnsSupport": True,
        "enableDnsHostnames": True,
        "instanceTenancy": "default",
        "state": "available",
        "ownerId": ACCOUNT,
        "ipv6CidrBlock": "",
        **known,
    }


def _vpcs(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    found = _search(world, _VPCS, _asked(arguments), region)
    return {"id": region, "ids": sorted({str(item["id"]) for item in found})}


def _subnets(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    filters = _asked(arguments)
    vpc = (filters.get("vpc-id") or [None])[0]
    candidates = _search(world, _SUBNETS, {"vpc-id": [vpc]} if vpc else {}, region)
    if vpc == default_vpc(region):
        # They exist whether or not a program adopts them.
        adopted = {item["id"] for item in candidates}
        candidates += [
            {"id": default_subnet(zone), "vpcId": vpc, "availabilityZone": zone}
            | {"availabilityZoneId": zone_id(zone), "mapPublicIpOnLaunch": True}
            | {"defaultForAz": True}
            for zone in zones(region)
            if default_subnet(zone) not in adopted
        ]
    found = [str(item["id"]) for item in candidates if _fits(item, filters)]
    if found or (vpc and candidates):
        return {"id": region, "ids": sorted(found)}
    seed = json.dumps(arguments, sort_keys=True, default=str)
    made = [f"subnet-{digest(f'{region}/{seed}/{letter}')}" for letter in ZONE_LETTERS]
    return {"id": region, "ids": made}


def _subnet(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    seed = json.dumps(arguments, sort_keys=True, default=str)
    found = {} if arguments.get("id") else _described(arguments, region, world, _SUBNETS)
    identity = str(arguments.get("id") or found.get("id") or f"subnet-{digest(region + seed)}")
    zone = str(arguments.get("availabilityZone") or _zone_for(identity, region))
    return {
        "id": identity,
        "availabilityZone": zone,
        "availabilityZoneId": zone_id(zone),
        "cidrBlock": _cidr(identity).replace(".0.0/16", ".0.0/24"),
        "vpcId": str(arguments.get("vpcId") or f"vpc-{digest('of/' + identity)}"),
        "state": "available",
        "ownerId": ACCOUNT,
        "ipv6CidrBlock": "",
        "outpostArn": "",
        **_known(world, identity),
    }


def _route_table(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    seed = json.dumps(arguments, sort_keys=True, default=str)
    identity = str(arguments.get("routeTableId") or f"rtb-{digest(region + seed)}")
    known = _known(world, identity)
    return {
        "id": identity,
        "routeTableId": identity,
        "vpcId": str(arguments.get("vpcId") or f"vpc-{digest('of/' + identity)}"),
        "gatewayId": "",
        "subnetId": str(arguments.get("subnetId") or ""),
        "routes": [],
        "associations": [],
        "ownerId": ACCOUNT,
        **known,
    }


def _route_tables(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    filters = _asked(arguments)
    found = _search(world, _TABLES, filters, region) if "vpc-id" in filters else []
    return {"id": region, "ids": sorted({str(item["id"]) for item in found})}


def _security_group(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    seed = json.dumps(arguments, sort_keys=True, default=str)
    identity = str(arguments.get("id") or f"sg-{digest(region + seed)}")
    return {
        "id": identity,
        "name": str(arguments.get("name") or "default"),
        "description": "",
        "vpcId": str(arguments.get("vpcId") or default_vpc(region)),
        **_known(world, identity),
    }


def _zone(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    name = str(arguments.get("name") or "").rstrip(".")
    wanted = arguments.get("zoneId")
    known = _known(world, str(wanted)) if wanted else world.find("name", name)
    identity = str(known.get("id") or wanted or f"Z{digest(name, 20).upper()}")
    name = str(known.get("name") or name or f"{identity.lower()}.net")
    servers = [f"ns-{number}.awsdns-{number:02d}.com" for number in range(1, 5)]
    return {
        "id": identity,
        "zoneId": identity,
        "name": name,
        "arn": f"arn:aws:route53:::hostedzone/{identity}",
        "nameServers": servers,
        "primaryNameServer": servers[0],
        "privateZone": bool(arguments.get("privateZone")),
        "comment": "",
        "callerReference": "",
        "resourceRecordSetCount": 2,
    }


def _service_zone(label: str) -> Answer:
    """Return the answer for the hosted zone id of a service's endpoints."""

    def zone(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
        of = str(arguments.get("region") or region)
        return {"id": f"Z{digest(label + of, 13).upper()}"}

    return zone


def _elb_account(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    account = str(int(digest(region, 12), 16))[:12]
    return {"id": account, "arn": f"arn:aws:iam::{account}:root"}


def _policy_document(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    """Render an IAM policy document as the provider does: capitals, single values unwrapped."""
    statements = []
    for item in arguments.get("statements") or []:
        statement: dict[str, Any] = {"Effect": item.get("effect") or "Allow"}
        if item.get("sid"):
            statement["Sid"] = item["sid"]
        for source, target in (
            ("actions", "Action"),
            ("notActions", "NotAction"),
            ("resources", "Resource"),
            ("notResources", "NotResource"),
        ):
            if item.get(source):
                statement[target] = _single(item[source])
        for source, target in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
            if item.get(source):
                statement[target] = _principals(item[source])
        if item.get("conditions"):
            conditions: dict[str, dict[str, Any]] = {}
            for condition in item["conditions"]:
                test = conditions.setdefault(condition["test"], {})
                test[condition["variable"]] = _single(condition["values"])
            statement["Condition"] = conditions
        statements.append(statement)
    document: dict[str, Any] = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    document["Statement"] = statements
    text = json.dumps(document, indent=2)
    minified = json.dumps(document, separators=(",", ":"))
    return {"id": str(int(digest(text, 8), 16)), "json": text, "minifiedJson": minified}


def _single(values: Any) -> Any:
    if isinstance(values, list):
        return values[0] if len(values) == 1 else sorted(map(str, values), reverse=True)
    return values


def _principals(principals: list[Mapping[str, Any]]) -> Any:
    if any(item["type"] == "*" for item in principals):
        return "*"
    return {str(item["type"]): _single(list(item["identifiers"])) for item in principals}


def _kms_key(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    wanted = str(arguments.get("keyId") or arguments.get("name") or "")
    identity = wanted.rsplit("/", 1)[-1] if "key/" in wanted else uuid(region + wanted)
    known = _known(world, identity)
    arn = known.get("arn") or f"arn:aws:kms:{region}:{ACCOUNT}:key/{identity}"
    return {
        "id": identity,
        "arn": arn,
        "keyId": wanted if arguments.get("keyId") else identity,
        "targetKeyArn": arn,
        "targetKeyId": identity,
        "awsAccountId": ACCOUNT,
        "enabled": True,
        "keyState": "Enabled",
        "keyUsage": "ENCRYPT_DECRYPT",
        "multiRegion": identity.startswith("mrk-"),
    }


def _kms_alias(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    name = str(arguments.get("name"))
    key = _kms_key({"name": name}, region, world)
    arn = f"arn:aws:kms:{region}:{ACCOUNT}:{name}"
    return {"id": arn, "arn": arn, "targetKeyArn": key["arn"], "targetKeyId": key["targetKeyId"]}


def _certificate(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    seed = region + json.dumps(arguments, sort_keys=True, default=str)
    arn = f"arn:aws:acm:{region}:{ACCOUNT}:certificate/{uuid(seed)}"
    return {"id": arn, "arn": arn, "status": "ISSUED"}


def _secret(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    wanted = str(arguments.get("arn") or arguments.get("secretId") or arguments.get("name"))
    suffix = digest(wanted, 6)
    made = f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:{wanted}-{suffix}"
    arn = wanted if wanted.startswith("arn:") else made
    return {
        "id": arn,
        "arn": arn,
        "name": arn.rsplit(":", 1)[-1].rsplit("-", 1)[0],
        # Programs read credentials from it as JSON.
        "secretString": json.dumps({"username": "admin", "password": digest(wanted, 24)}),
        "secretBinary": "",
        "policy": "",
        "versionId": uuid(wanted),
        "versionStage": "AWSCURRENT",
    }


def _engine_version(arguments: Arguments, region: str, world: World) -> dict[str, Any]:
    """Answer with the version that was asked for, so that a rule about it decides."""
    preferred = arguments.get("preferredVersions") or [None]
    version = str(arguments.get("version") or preferred[0] or "16.8")
    return {
        "id": version,
        "version": version,
        "versionActual": version,
        "status": "available",
        "supportsGlobalDatabases": True,
    }


def _known(world: World, identity: str) -> dict[str, Any]:
    return {
        key: value
        for key, value in world.get(identity).items()
        if not key.startswith("__") and value is not None
    }


_ANSWERS: dict[str, Answer] = {
    "index:getAvailabilityZones": _availability_zones,
    "index:getAvailabilityZone": _availability_zone,
    "index:getAzs": _availability_zones,
    "index:getCallerIdentity": _caller,
    "index:getAccountId": _caller,
    "index:getRegion": _region,
    "index:getRegions": _regions,
    "index:getPartition": _partition,
    "index:getUrlSuffix": _partition,
    "index:cidr": _cidr_parts,
    "index:importValue": _import_value,
    "ec2:getAmi": _ami,
    "acm:getCertificate": _certificate,
    "ssm:getParameter": _parameter,
    "ec2:getVpc": _vpc,
    "ec2:getSubnet": _subnet,
    "ec2:getVpcs": _vpcs,
    "ec2:getSubnets": _subnets,
    "ec2:getSubnetIds": _subnets,
    "ec2:getRouteTable": _route_table,
    "ec2:getRouteTables": _route_tables,
    "ec2:getSecurityGroup": _security_group,
    "route53:getZone": _zone,
    "iam:getPolicyDocument": _policy_document,
    "elb:getServiceAccount": _elb_account,
    "elb:getHostedZone": _service_zone("service"),
    "lb:getHostedZoneId": _service_zone("lb"),
    "kms:getKey": _kms_key,
    "kms:getAlias": _kms_alias,
    "secretsmanager:getSecret": _secret,
    "secretsmanager:getSecretVersion": _secret,
    "rds:getEngineVersion": _engine_version,
}
