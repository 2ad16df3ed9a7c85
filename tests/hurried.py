"""How long a browser waits where everybody is on this computer and answers at once.

`python -m tests.hurried` is the command line whose browser waits so.
"""

from __future__ import annotations

from consent_gateway.captures import tab

SHORT = tab.Waiting(quiet=0.2)

if __name__ == "__main__":
    tab.USUAL = SHORT  # before a command is loaded
    from consent_gateway.commands import main

    main(prog_name="consent-gateway")
