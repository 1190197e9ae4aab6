"""What runs the real Pulumi engine with package registries alone.

`offline.cli` finds or builds the Pulumi CLI, `offline.launcher` is the Python language host that
the built CLI lacks, `offline.standin` answers in place of the AWS providers, and `offline.engine`
drives the three of them for tests and for `python -m offline`.
"""
