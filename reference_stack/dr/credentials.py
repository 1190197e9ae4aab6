"""Where the application finds its database: a secret that both regions can read."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dr.database_tier import DATABASE_NAME, MasterCredentials


@dataclass(frozen=True)
class CredentialsArgs:
    """What the secret says, and where its copy is."""

    master: MasterCredentials
    host: pulumi.Input[str]
    """The writer endpoint of the global database, which follows a switchover."""
    replica_region: str


class Credentials(pulumi.ComponentResource):
    """A secret with a replica: the other region reads its own copy when this one is lost."""

    secret: aws.secretsmanager.Secret

    def __init__(
        self, name: str, args: CredentialsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Credentials", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.secret = aws.secretsmanager.Secret(
            name,
            description="How the application reaches its database",
            replicas=[{"region": args.replica_region}],
            tags={"Name": name},
            opts=child,
        )
        aws.secretsmanager.SecretVersion(
            name,
            secret_id=self.secret.id,
            # The password is a secret, and so is all that it is a part of.
            secret_string=pulumi.Output.json_dumps(
                {
                    "host": args.host,
                    "dbname": DATABASE_NAME,
                    "username": args.master.username,
                    "password": args.master.password,
                }
            ),
            opts=child,
        )
        self.register_outputs({"secretArn": self.secret.arn})
