import pulumi_aws as aws

aws.ec2.Instance(
    "app",
    ami="ami-0123456789abcdef0",
    instance_type="m7g.large",
    ebs_block_devices=[
        {
            "device_name": "/dev/sdb",
            "volume_type": "io1",
            "volume_size": 100,
        }
    ],
)
