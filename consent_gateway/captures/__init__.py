"""What was recorded of a site's traffic, or is seen of it now: exchanges of requests and responses."""
