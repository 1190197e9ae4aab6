import json

import pulumi_aws as aws

dead = aws.sqs.Queue("dead", fifo_queue=True)
aws.sqs.Queue(
    "orders",
    fifo_queue=True,
    redrive_policy=dead.arn.apply(
        lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    ),
)
