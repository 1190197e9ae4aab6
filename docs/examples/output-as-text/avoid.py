import pulumi_aws as aws

images = aws.ecr.Repository("images")
aws.ssm.Parameter("image", type="String", value=f"{images.repository_url}:1")
