"""`python -m consent_gateway`"""

from consent_gateway.commands import main

main()
