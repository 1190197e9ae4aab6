"""Exports of stacks (`pulumi stack export`): read, and joined so that policies judge a whole."""
