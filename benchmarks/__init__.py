"""What the gateway costs, each time beside something else: `make bench`."""
