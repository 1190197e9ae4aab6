"""What exists beside the stack in some of its scenes."""

from offline.standin.world import Described

NETWORK: Described = {
    "vpc-1": {
        "__type": "aws:ec2/vpc:Vpc",
        "cidrBlock": "10.0.0.0/16",
        "mainRouteTableId": "rtb-1",
        "defaultRouteTableId": "rtb-0",
    },
    "igw-1": {"__type": "aws:ec2/internetGateway:InternetGateway", "vpcId": "vpc-1"},
    "rtb-1": {
        "__type": "aws:ec2/routeTable:RouteTable",
        "vpcId": "vpc-1",
        "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}],
    },
    **{
        f"subnet-{zone}": {
            "__type": "aws:ec2/subnet:Subnet",
            "vpcId": "vpc-1",
            "cidrBlock": f"10.0.{number}.0/24",
            "availabilityZone": f"us-east-1{zone}",
        }
        for number, zone in enumerate("ab")
    },
}


def member(name: str, *, is_writer: bool) -> dict[str, object]:
    """A cluster as its global cluster lists it."""
    region = {"east": "us-east-1", "west": "us-west-2"}[name]
    arn = f"arn:aws:rds:{region}:111122223333:cluster:orders-{name}"
    return {"dbClusterArn": arn, "isWriter": is_writer}
