import * as aws from "@pulumi/aws";

const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
const igw = new aws.ec2.InternetGateway("igw", { vpcId: vpc.id });
const publicTable = new aws.ec2.RouteTable("public", {
    vpcId: vpc.id,
    routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: igw.id }],
});
const subnets = ["a", "b"].map((zone, number) => {
    const subnet = new aws.ec2.Subnet(`web-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: `10.0.${number}.0/24`,
        availabilityZone: `us-east-1${zone}`,
    });
    new aws.ec2.RouteTableAssociation(`web-${zone}`, {
        subnetId: subnet.id,
        routeTableId: publicTable.id,
    });
    return subnet;
});
new aws.lb.LoadBalancer(
    "web",
    { subnets: subnets.map((subnet) => subnet.id) },
    { dependsOn: [igw] },
);
