"""Documents of the application: a bucket in each region, each a copy of the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dr.trust import trust

_OTHER = {"primary": "secondary", "secondary": "primary"}


@dataclass(frozen=True)
class DocumentsArgs:
    """What the buckets are built from: a provider a region, by role."""

    providers: Mapping[str, aws.Provider]


class Documents(pulumi.ComponentResource):
    """Two versioned buckets that replicate to each other, so that either region may write.

    Replication takes versioning on both sides, and copies what is written after it was set up.
    """

    buckets: Mapping[str, aws.s3.Bucket]

    def __init__(
        self, name: str, args: DocumentsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Documents", name, None, opts)
        self._providers = args.providers
        self.buckets = {role: self._bucket(role) for role in _OTHER}
        versionings = {role: self._versioning(role) for role in _OTHER}
        for role in _OTHER:
            self._replication(role, versionings)
        self.register_outputs({"buckets": {k: v.id for k, v in self.buckets.items()}})

    def _in(self, role: str, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, provider=self._providers[role], depends_on=list(after)
        )

    def _bucket(self, role: str) -> aws.s3.Bucket:
        label = f"{role}-documents"
        bucket = aws.s3.Bucket(label, tags={"Name": label}, opts=self._in(role))
        aws.s3.BucketPublicAccessBlock(
            label,
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._in(role),
        )
        return bucket

    def _versioning(self, role: str) -> aws.s3.BucketVersioning:
        return aws.s3.BucketVersioning(
            f"{role}-documents",
            bucket=self.buckets[role].id,
            versioning_configuration={"status": "Enabled"},
            opts=self._in(role),
        )

    def _replication(self, role: str, versionings: Mapping[str, aws.s3.BucketVersioning]) -> None:
        """Copy what is written in the region of this role to the other one, deletions included."""
        label = f"{role}-documents-replication"
        aws.s3.BucketReplicationConfig(
            label,
            bucket=self.buckets[role].id,
            role=self._role(role).arn,
            rules=[
                {
                    "id": f"to-{_OTHER[role]}",
                    "status": "Enabled",
                    "filter": {},
                    "delete_marker_replication": {"status": "Enabled"},
                    "destination": {"bucket": self.buckets[_OTHER[role]].arn},
                }
            ],
            # AWS refuses it until both buckets keep versions.
            opts=self._in(role, *versionings.values()),
        )

    def _role(self, role: str) -> aws.iam.Role:
        label = f"{role}-documents-replication"
        source, target = self.buckets[role].arn, self.buckets[_OTHER[role]].arn
        service_role = aws.iam.Role(
            label,
            assume_role_policy=trust("s3.amazonaws.com"),
            tags={"Name": label},
            opts=self._in(role),
        )
        allowed = {
            "source": (["s3:GetReplicationConfiguration", "s3:ListBucket"], source),
            "versions": (
                [
                    "s3:GetObjectVersionForReplication",
                    "s3:GetObjectVersionAcl",
                    "s3:GetObjectVersionTagging",
                ],
                pulumi.Output.concat(source, "/*"),
            ),
            "target": (
                ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
                pulumi.Output.concat(target, "/*"),
            ),
        }
        aws.iam.RolePolicy(
            label,
            role=service_role.id,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Action": actions, "Resource": resource}
                        for actions, resource in allowed.values()
                    ],
                }
            ),
            opts=self._in(role),
        )
        return service_role
