"""The components of the reference disaster-recovery stack.

`Region` is one region of it, put together from a network and three tiers. `Peering`, `Certificates`
and `Failover` join two regions. Components get everything through their arguments; only `settings`
reads the configuration.
"""
