"""An operator is told what Google's own settings would collect."""

from __future__ import annotations

import pytest

from consent_gateway.analytics.property_settings import told


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b'{"function":"__x","vtp_autoEmailEnabled":true}', "e-mail addresses"),
        (b'{"vtp_autoPhoneEnabled" : true}', "phone numbers"),
        (b'{"vtp_googleSignals":"ENABLED"}', "Google signals"),
        (b'["AW-123456789"]', "advertising"),
    ],
)
def test_a_setting_that_collects_is_told_with_where_it_is_made(content: bytes, word: str) -> None:
    (sentence,) = told(content)
    assert word in sentence and "Admin, " in sentence


def test_of_a_script_without_them_there_is_nothing_to_tell() -> None:
    assert told(b'{"vtp_autoEmailEnabled":false,"vtp_googleSignals":"DISABLED"} "AW-" x') == []
