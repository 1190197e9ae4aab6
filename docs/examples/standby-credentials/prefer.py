import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
password = pulumi.Config().require_secret("masterPassword")
credentials = aws.secretsmanager.Secret("orders", replicas=[{"region": "us-west-2"}])
aws.secretsmanager.SecretVersion("orders", secret_id=credentials.id, secret_string=password)
orders = aws.rds.Instance(
    "orders",
    engine="postgres",
    engine_version="17",
    instance_class="db.m7g.large",
    allocated_storage=100,
    backup_retention_period=7,
    username="orders",
    password=password,
    final_snapshot_identifier="orders-final",
)
aws.rds.Instance(
    "orders-west",
    replicate_source_db=orders.arn,
    db_subnet_group_name="orders-west",
    instance_class="db.m7g.large",
    skip_final_snapshot=True,
    opts=west,
)
