"""A recorded site, shown as it was and behind the gateway, without a network."""
