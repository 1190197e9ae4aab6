import pulumi
import pulumi_aws as aws

orders = aws.sqs.Queue("orders")
aws.sqs.QueuePolicy(
    "orders",
    queue_url=orders.url,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sqs:SendMessage",
                    "Resource": orders.arn,
                }
            ],
        }
    ),
)
