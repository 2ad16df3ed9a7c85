"""Requests of data subjects for the operator's other systems (GDPR Art. 15 to 22)."""
