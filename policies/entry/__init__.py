"""Where clients come in: load balancers, hosted zones and the records that fail over."""
