"""The ledger: records of every decision in a chain that nobody changes unnoticed."""

from consent_gateway.ledger.book import GivenUp, Ledger
from consent_gateway.ledger.entries import LedgerBroken
from consent_gateway.record import Record, hash_of, moment

__all__ = ["GivenUp", "Ledger", "LedgerBroken", "Record", "hash_of", "moment"]
