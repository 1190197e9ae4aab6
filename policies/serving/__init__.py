"""How the rules reach the Pulumi engine: the only room that knows the policy SDK."""
