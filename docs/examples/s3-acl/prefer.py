import pulumi
import pulumi_aws as aws

logs = aws.s3.Bucket("logs")  # Without an ACL, it is private.

# Logs of CloudFront need one.
delivered = aws.s3.Bucket("delivered")
owner = aws.s3.BucketOwnershipControls(
    "delivered", bucket=delivered.id, rule={"object_ownership": "BucketOwnerPreferred"}
)
aws.s3.BucketAcl(
    "delivered",
    bucket=delivered.id,
    acl="log-delivery-write",
    opts=pulumi.ResourceOptions(depends_on=[owner]),
)
