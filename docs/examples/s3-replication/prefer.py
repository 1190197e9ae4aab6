import pulumi
import pulumi_aws as aws

away = aws.Provider("away", region="us-west-2")
home = aws.s3.Bucket("home")
copy = aws.s3.Bucket("copy", opts=pulumi.ResourceOptions(provider=away))
kept = [
    aws.s3.BucketVersioning(
        name,
        bucket=bucket.id,
        versioning_configuration={"status": "Enabled"},
        opts=pulumi.ResourceOptions(provider=provider),
    )
    for name, bucket, provider in (("home", home, None), ("copy", copy, away))
]
aws.s3.BucketReplicationConfig(
    "home",
    bucket=home.id,
    role="arn:aws:iam::111122223333:role/replication",
    rules=[
        {
            "id": "all",
            "status": "Enabled",
            "filter": {},
            "delete_marker_replication": {"status": "Enabled"},
            "destination": {
                "bucket": copy.arn,
                "replication_time": {"status": "Enabled", "time": {"minutes": 15}},
                "metrics": {"status": "Enabled", "event_threshold": {"minutes": 15}},
            },
        }
    ],
    opts=pulumi.ResourceOptions(depends_on=kept),
)
