"""The script that checks a bundle needs Python only, and lets nothing pass that was changed."""

from __future__ import annotations

import copy
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from consent_gateway import verify_receipt
from consent_gateway.database import in_folder
from consent_gateway.keys import KeyRing
from consent_gateway.ledger.proof import bundle, choose, event_bundle
from consent_gateway.subject_requests.evidence import opening
from consent_gateway.verify_receipt import chain, check, receipt, written
from tests.received import advance, kept
from tests.recorded import opened, record, write

Bundle = dict[str, Any]


@pytest.fixture
def made(state: Path, ring: KeyRing) -> Bundle:
    with opened(in_folder(state), ring) as ledger:
        write(
            ledger,
            record("refusal"),
            record(receipt="a"),
            record(receipt="b"),
            record("change", receipt="a"),
            record(),
        )
        with ledger.view() as view:
            return bundle(view, choose(view.entries(), receipt="a"), datetime(2026, 11, 30, tzinfo=UTC))


def verified(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script alone in a folder, without this package and without any other."""
    alone = folder / "alone"
    alone.mkdir(exist_ok=True)
    shutil.copy(verify_receipt.__file__, alone)
    command = [sys.executable, "-I", "-S", "verify_receipt.py", *arguments]
    return subprocess.run(command, cwd=alone, capture_output=True, text=True, timeout=30, env={})


def test_it_runs_alone_and_says_what_was_proved(tmp_path: Path, made: Bundle) -> None:
    """CON-14"""
    (tmp_path / "bundle.json").write_bytes(written(made))
    result = verified(tmp_path, "../bundle.json")
    assert result.returncode == 0, result.stdout + result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "record 2: grant at 2026-11-24T10:30:00+00:00 on www.example.com (notice, de); granted: media; refused: marketing"
    )
    assert lines[-3] == (
        f"fits together: linked to record 5, whose chain value is {made['proof']['head']['chain']}"
    )


def test_without_a_noted_value_it_claims_no_more_than_that_the_file_fits_together(
    tmp_path: Path, made: Bundle
) -> None:
    """CON-14"""
    proof = made["proof"]
    proof["before"] = {"number": 7, "chain": "5" * 64}
    proof["head"] = {"number": 11, "chain": chain(proof)[-1]}
    for one, number in zip(proof["records"], (8, 10), strict=True):
        one["number"] = number
    records = [(one["number"], json.loads(one["payload"])) for one in proof["records"]]
    forged = {**receipt(records, proof["texts"], made["dct:created"]), "proof": proof}
    (tmp_path / "bundle.json").write_bytes(written(forged))
    result = verified(tmp_path, "../bundle.json")
    assert result.returncode == 0
    assert "holds" not in result.stdout and "in the ledger" not in result.stdout
    assert result.stdout.splitlines()[-2:] == [
        "Not shown: that it is from the ledger; anybody can write a file that fits together.",
        "Give with --head a chain value of the ledger that was noted after the records were written.",
    ]


def against(folder: Path, made: Bundle, noted: str) -> tuple[int, list[str]]:
    """How the script ends and what it says last about a noted value."""
    (folder / "bundle.json").write_bytes(written(made))
    result = verified(folder, "../bundle.json", "--head", noted)
    return result.returncode, result.stdout.splitlines()[5:]


def test_a_noted_value_shows_what_was_in_the_ledger_by_then_and_nothing_later(
    tmp_path: Path, made: Bundle
) -> None:
    """CON-14"""
    second, third, fourth, fifth = chain(made["proof"])
    for number, value in ((4, fourth), (5, fifth)):
        words = [f"holds: what is above up to record {number} was in the ledger when the value was noted"]
        assert against(tmp_path, made, value) == (0, words)
        assert against(tmp_path, made, f"end: {number} {value}\n") == (0, words)
    for number, value in ((2, second), (3, third)):
        code, (holds, later) = against(tmp_path, made, value)
        assert code == 0 and holds.startswith(f"holds: what is above up to record {number} was")
        assert later == "not shown, for it came after the value was noted: record 4"


ELSE = "it was noted before or after that, or this is another chain"


@pytest.mark.parametrize(
    ("noted", "words"),
    [
        ("0" * 64, f"not shown: the chain from record 2 to 5 does not have the value that was noted: {ELSE}"),
        (f"end: 1 {'0' * 64}", "not shown: the value was noted before record 2 was written"),
        (f"end: 6 {'0' * 64}", "not shown: the value was noted after this file was made, which ends at record 5"),
        (f"end: 3 {'0' * 64}", "does not hold: the chain does not pass through the value that was noted"),
    ],
)  # fmt: skip
def test_a_value_that_shows_nothing_is_told_from_one_of_another_chain(
    tmp_path: Path, made: Bundle, noted: str, words: str
) -> None:
    """CON-14"""
    assert against(tmp_path, made, noted) == (1, [words])


def test_a_value_from_before_the_first_record_shows_nothing_of_it(tmp_path: Path, made: Bundle) -> None:
    """CON-14"""
    words = "not shown: the value was noted before record 2 was written"
    assert against(tmp_path, made, made["proof"]["before"]["chain"]) == (1, [words])


@pytest.mark.parametrize("noted", ["", " ", "0" * 63, "0" * 65, "chain"])
def test_what_is_no_chain_value_is_said_before_anything_is_read(tmp_path: Path, noted: str) -> None:
    result = verified(tmp_path, "none.json", "--head", noted)
    assert result.returncode == 2 and "--head: not a chain value" in result.stderr


def test_what_cannot_be_read_is_no_finding(tmp_path: Path) -> None:
    result = verified(tmp_path, "none.json")
    assert result.returncode == 2 and result.stderr == "none.json: No such file or directory\n"


@pytest.mark.parametrize("of", ["made", "told"])
def test_any_byte_that_is_flipped_is_found(request: pytest.FixtureRequest, of: str) -> None:
    """CON-14"""
    data = written(request.getfixturevalue(of))
    check(data)
    chance = random.Random(7)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(ValueError):
            check(bytes(changed))


def change(made: Bundle, act: Callable[[Bundle], object]) -> bytes:
    """A bundle that was changed by somebody who knows how it is written."""
    changed = copy.deepcopy(made)
    act(changed)
    return written(changed)


def other_kind(made: Bundle) -> None:
    one = made["proof"]["records"][0]
    one["payload"] = one["payload"].replace('"grant"', '"refusal"')


def other_receipt(made: Bundle) -> None:
    made["dpv:hasRecordOfActivity"][0]["dpv:hasLegalBasis"] = "none"


def other_text(made: Bundle) -> None:
    made["proof"]["texts"] = {name: f"{text} " for name, text in made["proof"]["texts"].items()}


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (other_kind, "record 2 is not the one in the chain"),
        (other_receipt, "says something else"),
        (other_text, "is another one"),
        (lambda made: made["proof"]["texts"].popitem(), "is missing"),
        (lambda made: made["proof"]["texts"].update(x="y"), "none names"),
        (lambda made: made["proof"]["digests"].pop(), "links of the chain are missing"),
        (lambda made: made["proof"]["digests"].reverse(), "do not lead to the head"),
        (lambda made: made["proof"]["before"].update(number=0), "does not begin where"),
        (lambda made: made["proof"]["records"][1].update(number=5), "is not the one in the chain"),
        (lambda made: made["proof"]["records"][0].update(number=-1), "is not the one in the chain"),
        (lambda made: made["proof"].update(format="2"), "another format"),
        (lambda made: made["proof"].pop("head"), "something is missing"),
        (lambda made: made.update(more="of it"), "says something else"),
    ],
)  # fmt: skip
def test_whoever_writes_a_false_bundle_with_care_is_found_as_well(
    made: Bundle, act: Callable[[Bundle], object], reason: str
) -> None:
    """CON-14"""
    with pytest.raises(ValueError, match=reason):
        check(change(made, act))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b"\xff", b'{"sha256": 1}', b"[" * 100_000])
def test_anything_else_is_no_bundle(data: bytes) -> None:
    with pytest.raises(ValueError):
        check(data)


def test_one_spelling_only(made: Bundle) -> None:
    with pytest.raises(ValueError, match="was changed"):
        check(json.dumps(json.loads(written(made))).encode())


# ---- events -------------------------------------------------------------------------------------------


@pytest.fixture
def told(state: Path, ring: KeyRing) -> Bundle:
    """The bundle of an advance notice between records of consent."""
    url = in_folder(state)
    with opened(url, ring) as ledger:
        write(ledger, record(receipt="a"))
    with kept(url, ring) as book:
        notice = book.advance_notices.record(advance(text="Dear Anna,\nholds: \u202enothing."))
        said = opening(book, notice.record, {"event": "advance_notice"})
    with opened(url, ring) as ledger:
        write(ledger, record(receipt="b"))
        with ledger.view() as view:
            chosen = choose(view.entries(), number=notice.record)
            return event_bundle(chosen, said, datetime(2026, 11, 30, tzinfo=UTC))


def test_an_advance_notice_is_shown_to_have_come_before_in_these_words(tmp_path: Path, told: Bundle) -> None:
    second, third = chain(told["proof"])
    (tmp_path / "bundle.json").write_bytes(written(told))
    for value, number in ((second, 2), (third, 3)):
        result = verified(tmp_path, "../bundle.json", "--head", value)
        assert (result.returncode, result.stdout.splitlines()) == (
            0,
            [
                'record 2: advance_notice at 2026-11-24T10:30:00+00:00; notice 1, planned "2026-12-15"',
                "what was said, as the digest in the record has it:",
                "    number: 1",
                '    planned: "2026-12-15"',
                '    recipient: "Collect GmbH"',
                '    text: "Dear Anna,\\nholds: \\u202enothing."',
                '    time: "2026-11-24T10:30:00+00:00"',
                '    who: "Anna Muster, customer 4711"',
                f"fits together: linked to record 3, whose chain value is {third}",
                f"holds: what is above up to record {number} was in the ledger when the value was noted",
            ],
        )
    result = verified(tmp_path, "../bundle.json", "--head", told["proof"]["before"]["chain"])
    assert result.returncode == 1 and "noted before record 2 was written" in result.stdout
    assert "anybody can write a file" in verified(tmp_path, "../bundle.json").stdout


def test_without_what_was_said_a_bundle_says_so(tmp_path: Path, told: Bundle) -> None:
    told["said"] = told["proof"]["opening"] = None
    (tmp_path / "bundle.json").write_bytes(written(told))
    result = verified(tmp_path, "../bundle.json")
    assert result.returncode == 0 and "Anna" not in result.stdout
    assert result.stdout.splitlines()[1] == "what was said is not in this file, only that it was"


def other_words(told: Bundle) -> None:
    opening = told["proof"]["opening"]
    opening["said"] = opening["said"].replace("Collect GmbH", "Another GmbH")
    told["said"] = json.loads(opening["said"])


def earlier(told: Bundle) -> None:
    one = told["proof"]["records"][0]
    one["payload"] = one["payload"].replace("2026-11-24", "2026-11-01")
    told["event"] = json.loads(one["payload"])


def as_event(told: Bundle, **event: object) -> None:
    """Its one event with other values, in a chain that fits."""
    (one,) = told["proof"]["records"]
    one["payload"] = json.dumps(told["event"] | event)
    told["event"] = json.loads(one["payload"])
    committed = verify_receipt.commitment(bytes.fromhex(one["salt"]), one["payload"])
    told["proof"]["digests"][0] = verify_receipt.digest(committed, one["sealed"])
    told["proof"]["head"]["chain"] = chain(told["proof"])[-1]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (other_words, "is not what the event has the digest of"),
        (earlier, "record 2 is not the one in the chain"),
        (lambda told: told["said"].update(who="Otto"), "says something else"),
        (lambda told: told["event"].update(planned="2026-12-31"), "says something else"),
        (lambda told: told.update(said=None), "says something else"),
        (lambda told: told["proof"].update(format=verify_receipt.FORMAT), "something is missing"),
        (lambda told: told["proof"].pop("opening"), "something is missing"),
        (lambda told: told["proof"]["records"].append(told["proof"]["records"][0]), "too many values"),
        (lambda told: as_event(told, planned="2026-12-31"), "something else than what its digest stands for"),
        (lambda told: as_event(told, notice=2), "something else than what its digest stands for"),
        (lambda told: as_event(told, event="purge"), "an event of another kind"),
        (lambda told: as_event(told, digest="0" * 64), "is not what the event has the digest of"),
    ],
)  # fmt: skip
def test_a_false_bundle_of_an_event_is_found_as_well(
    told: Bundle, act: Callable[[Bundle], object], reason: str
) -> None:
    check(written(told))
    with pytest.raises(ValueError, match=reason):
        check(change(told, act))


def test_a_record_of_consent_does_not_pass_for_an_event(made: Bundle) -> None:
    """Or it would be shown without the texts that it names."""

    def disguise(made: Bundle) -> None:
        proof = made["proof"]
        proof |= {"format": verify_receipt.EVENT_FORMAT, "records": proof["records"][:1], "opening": None}

    with pytest.raises(ValueError, match="something is missing"):
        check(change(made, disguise))
