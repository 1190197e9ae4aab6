"""VPCs: addresses, subnets, zones, route tables, gateways and peerings."""
