"""The private link between two regions."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dr.location import Location
from dr.network import Network


@dataclass(frozen=True)
class PeeringSide:
    """One end of the peering."""

    role: str
    location: Location
    network: Network
    provider: aws.Provider


@dataclass(frozen=True)
class PeeringArgs:
    """The two ends of the peering."""

    requester: PeeringSide
    accepter: PeeringSide


class Peering(pulumi.ComponentResource):
    """A peering over which each region's application tier reaches the other's database tier.

    That path is what keeps the application writing when the database has failed over and the
    traffic has not, or the other way round. Replication does not use it, and nothing else needs
    it: only those two tiers have routes.
    """

    def __init__(
        self, name: str, args: PeeringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Peering", name, None, opts)
        requester, accepter = args.requester, args.accepter

        self._connection = aws.ec2.VpcPeeringConnection(
            name,
            vpc_id=requester.network.vpc.id,
            peer_vpc_id=accepter.network.vpc.id,
            peer_region=accepter.location.region,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, provider=requester.provider),
        )
        # Across regions the request cannot accept itself, and only the peer's region can accept.
        self._acceptance = aws.ec2.VpcPeeringConnectionAccepter(
            f"{name}-accepter",
            vpc_peering_connection_id=self._connection.id,
            auto_accept=True,
            tags={"Name": f"{name}-accepter"},
            opts=pulumi.ResourceOptions(parent=self, provider=accepter.provider),
        )
        self._connect(requester, accepter)
        self._connect(accepter, requester)
        self.register_outputs({"connectionId": self._connection.id})

    def _connect(self, near: PeeringSide, far: PeeringSide) -> None:
        """Route the near end's tiers to those tiers of the far end that they talk to."""
        for zone, table in near.network.application_route_tables.items():
            self._route(f"app-{zone[-1]}", near, far, table, str(far.location.database_cidr))
        self._route(
            "db", near, far, near.network.database_route_table, str(far.location.application_cidr)
        )

    def _route(
        self,
        tier: str,
        near: PeeringSide,
        far: PeeringSide,
        table: aws.ec2.RouteTable,
        destination: str,
    ) -> None:
        aws.ec2.Route(
            f"{near.role}-{tier}-to-{far.role}",
            route_table_id=table.id,
            destination_cidr_block=destination,
            vpc_peering_connection_id=self._connection.id,
            opts=pulumi.ResourceOptions(
                parent=self, provider=near.provider, depends_on=[self._acceptance]
            ),
        )
