import pulumi_aws as aws

site = "east"
aws.sns.Topic("alerts", name=f"{site}-alerts")
