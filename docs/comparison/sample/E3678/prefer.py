import pulumi
import pulumi_aws as aws

aws.lambda_.Function(
    "app",
    handler="index.handler",
    runtime="python3.13",
    role="arn:aws:iam::123456789012:role/app",
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context): pass")}),
)
