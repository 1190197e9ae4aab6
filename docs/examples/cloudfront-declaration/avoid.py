import pulumi_aws as aws

origins = [
    {
        "domain_name": f"api-{region}.acme-corp.com",
        "origin_id": region,
        "custom_origin_config": {
            "http_port": 80,
            "https_port": 443,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": ["TLSv1.2"],
        },
    }
    for region in ("us-east-1", "us-west-2")
]
aws.cloudfront.Distribution(
    "site",
    enabled=True,
    origins=origins,
    origin_groups=[
        {
            "origin_id": "both",
            "failover_criteria": {"status_codes": [500, 502, 503, 504]},
            "members": [{"origin_id": "us-east-1"}, {"origin_id": "us-west-2"}],
        }
    ],
    default_cache_behavior={
        "target_origin_id": "both",
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"cloudfront_default_certificate": True},
)
