"""One VPC and one load balancer for each style."""

import pulumi

import styles

for style in styles.ALL:
    with_own_names = styles.Names(style.name)
    style.build(with_own_names)
pulumi.export("styles", len(styles.ALL))
