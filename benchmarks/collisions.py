"""How many visitors share a pseudonym with another, against the target.

    python -m benchmarks.collisions [VISITORS ...]

Makes the pseudonyms of as many visitors as the site file would say, under ten random salts, and prints a table.
"""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from datetime import UTC, datetime
from statistics import mean

from consent_gateway.analytics.pseudonym import COLLISIONS, Salt, bits_for, pseudonyms

PERIODS = 10
START = datetime(2026, 11, 24, tzinfo=UTC)


def share_that_shares(visitors: int) -> tuple[float, float]:
    """Of the visitors of one period: the share whose pseudonym is also another's, and by how much Google
    counts too few."""
    salt, pepper = Salt(START, secrets.token_bytes(32)), secrets.token_bytes(32)
    made = Counter(
        pseudonyms(
            handle=secrets.token_urlsafe(16),
            site="www.example.com",
            property="G-ABC1234567",
            salt=salt,
            pepper=pepper,
            visitors=visitors,
        ).client
        for _ in range(visitors)
    )
    shared = sum(number for number in made.values() if number > 1)
    return shared / visitors, 1 - len(made) / visitors


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or [1_000, 10_000, 100_000]
    print(f"target: {COLLISIONS:.0%} of the visitors share a pseudonym; mean of {PERIODS} periods\n")
    print("visitors   bits   share that shares   of the target   counted too few")
    for visitors in sizes:
        shares, missing = zip(*(share_that_shares(visitors) for _ in range(PERIODS)), strict=True)
        share = mean(shares)
        print(
            f"{visitors:8}   {bits_for(visitors):4}   {share:16.2%}   {share / COLLISIONS:13.2f}   {mean(missing):14.2%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
