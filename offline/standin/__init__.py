"""A resource provider that answers like `aws` (or `aws-native`) without AWS.

What a resource has, requires and computes is read from the Python SDK's own classes; `aws.py` and
`lookups.py` add the few things that the classes cannot say.
"""
