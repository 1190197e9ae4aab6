import pulumi
import pulumi_aws as aws

images = aws.ecr.Repository("images")
aws.ssm.Parameter("image", type="String", value=pulumi.Output.concat(images.repository_url, ":1"))
