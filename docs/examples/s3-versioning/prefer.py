import pulumi
import pulumi_aws as aws

away = aws.Provider("away", region="us-west-2")
home = aws.s3.Bucket("home")
copy = aws.s3.Bucket("copy", opts=pulumi.ResourceOptions(provider=away))
kept = aws.s3.BucketVersioning(
    "home", bucket=home.id, versioning_configuration={"status": "Enabled"}
)
copied = aws.s3.BucketVersioning(
    "copy",
    bucket=copy.id,
    versioning_configuration={"status": "Enabled"},
    opts=pulumi.ResourceOptions(provider=away),
)
aws.s3.BucketReplicationConfig(
    "home",
    bucket=home.id,
    role="arn:aws:iam::111122223333:role/replication",
    rules=[{"id": "all", "status": "Enabled", "destination": {"bucket": copy.arn}}],
    opts=pulumi.ResourceOptions(depends_on=[kept, copied]),
)
