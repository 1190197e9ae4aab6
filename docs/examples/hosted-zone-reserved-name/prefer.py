import pulumi
import pulumi_aws as aws

# A domain that you own, or a name below it.
domain = pulumi.Config().get("domain") or "dr-preflight.net"
aws.route53.Zone("failover", name=f"dr-failover.{domain}")
