"""What answers at the edge of AWS's network: CloudFront, its firewalls, Global Accelerator."""
