import * as aws from "@pulumi/aws";

new aws.rds.GlobalCluster("orders", {
    globalClusterIdentifier: "orders",
    engine: "aurora-postgresql",
    engineVersion: "15.4",
});
