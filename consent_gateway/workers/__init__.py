"""Several processes that serve one site on one port, and the one that looks after them."""
