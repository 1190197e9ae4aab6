import pulumi_aws as aws

aws.backup.Plan(
    "nightly",
    rules=[
        {
            "rule_name": "nightly",
            "target_vault_name": "Default",
            "lifecycle": {"cold_storage_after": 30, "delete_after": 120},
        }
    ],
)
