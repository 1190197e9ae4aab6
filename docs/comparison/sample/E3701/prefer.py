import pulumi_aws as aws

aws.codepipeline.Pipeline(
    "release",
    role_arn="arn:aws:iam::111122223333:role/release",
    artifact_stores=[{"type": "S3", "location": "acme-artifacts"}],
    stages=[
        {
            "name": "Source",
            "actions": [
                {
                    "name": "Source",
                    "category": "Source",
                    "owner": "AWS",
                    "provider": "S3",
                    "version": "1",
                    "output_artifacts": ["source"],
                    "configuration": {"S3Bucket": "acme-source", "S3ObjectKey": "app.zip"},
                }
            ],
        },
        {
            "name": "Deploy",
            "actions": [
                {
                    "name": "Deploy",
                    "category": "Deploy",
                    "owner": "AWS",
                    "provider": "S3",
                    "version": "1",
                    "input_artifacts": ["source"],
                    "configuration": {"BucketName": "acme-app", "Extract": "true"},
                }
            ],
        },
    ],
)
