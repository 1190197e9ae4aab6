import pulumi_aws as aws

here = aws.backup.Vault("here")
aws.backup.Plan(
    "nightly",
    rules=[
        {
            "rule_name": "nightly",
            "target_vault_name": here.name,
            "schedule": "cron(0 3 * * ? *)",
            "lifecycle": {"cold_storage_after": 30, "delete_after": 120},
        }
    ],
)
