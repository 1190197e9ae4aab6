import * as aws from "@pulumi/aws";

new aws.rds.GlobalCluster("orders", {
    globalClusterIdentifier: "orders",
    engine: "aurora-postgresql",
    engineVersion: "17.7", // long-term support
});
