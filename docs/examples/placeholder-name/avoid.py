import pulumi
import pulumi_aws as aws

site = pulumi.Config().get("site")
aws.sns.Topic("alerts", name=f"{site}-alerts")
