import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const orders = new aws.rds.GlobalCluster("orders", {
    globalClusterIdentifier: "orders",
    engine: "aurora-mysql",
    engineVersion: "8.0.mysql_aurora.3.10.1",
});
const primary = new aws.rds.Cluster("primary", {
    engine: "aurora-mysql",
    engineVersion: "8.0.mysql_aurora.3.10.1",
    globalClusterIdentifier: orders.id,
    backupRetentionPeriod: 7, // point-in-time restore in place of backtrack
    masterUsername: "orders",
    masterPassword: new pulumi.Config().requireSecret("masterPassword"),
});
const writer = new aws.rds.ClusterInstance("primary-writer", {
    clusterIdentifier: primary.id,
    engine: "aurora-mysql",
    instanceClass: "db.r6g.large",
});
new aws.rds.Cluster(
    "secondary",
    {
        engine: "aurora-mysql",
        engineVersion: "8.0.mysql_aurora.3.10.1",
        globalClusterIdentifier: orders.id,
    },
    { provider: new aws.Provider("west", { region: "us-west-2" }), dependsOn: [writer] },
);
