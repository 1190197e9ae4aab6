import pulumi_aws as aws
import pulumi_random as random

password = random.RandomPassword("orders", length=24, override_special="!#$%&*()-_=+[]{}<>:?")
aws.rds.Instance(
    "orders",
    engine="postgres",
    engine_version="17",
    instance_class="db.m7g.large",
    allocated_storage=100,
    multi_az=True,
    username="orders",
    password=password.result,
    backup_retention_period=7,
    final_snapshot_identifier="orders-final",
)
