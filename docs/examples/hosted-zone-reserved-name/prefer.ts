import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// A domain that you own, or a name below it.
const domain = new pulumi.Config().get("domain") ?? "dr-preflight.net";
new aws.route53.Zone("failover", { name: `dr-failover.${domain}` });
