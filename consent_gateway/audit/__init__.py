"""What would leave a visitor's browser, in each state of consent, with the gateway and without."""
