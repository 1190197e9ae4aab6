import * as aws from "@pulumi/aws";

new aws.route53.Zone("failover", { name: "dr-failover.example.com" });
