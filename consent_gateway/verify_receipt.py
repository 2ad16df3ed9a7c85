"""Checks a bundle of `consent-gateway ledger prove` offline: python verify_receipt.py BUNDLE [--head CHAIN]

Needs Python 3.9 or newer and nothing else, no network and no key. By itself a bundle shows only that it
fits together: anybody can write one that does. A chain value that was noted shows of the records up to
there that they were in the ledger. The rules of the chain are here, and the gateway itself takes them
from here:

    commitment = HMAC-SHA256(key: salt, payload)            says nothing without the salt
    digest     = SHA-256("commitment\\nsealed")              sealed: SHA-256 of the encrypted content
    chain      = SHA-256("previous chain\\nnumber\\ndigest")  the first record follows 64 zeros

A bundle has the records of a consent, or one event: a step of a request about personal data, a notice in
advance of a transfer, a recipient who was told. The payload of an event names nobody; it has the commitment,
made in the same way with a salt of its own, to what was said then, which the bundle has as well.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import re
import sys
from typing import Any

FORMAT = "consent-gateway ledger proof 1"
EVENT_FORMAT = "consent-gateway ledger event proof 1"
GENESIS = "0" * 64

# ---- the chain --------------------------------------------------------------------------------------


def commitment(salt: bytes, payload: str) -> str:
    return hmac.new(salt, payload.encode("utf-8"), hashlib.sha256).hexdigest()


def digest(committed: str, sealed: str) -> str:
    return hashlib.sha256(f"{committed}\n{sealed}".encode()).hexdigest()


def link(previous: str, number: int, own_digest: str) -> str:
    return hashlib.sha256(f"{previous}\n{number}\n{own_digest}".encode()).hexdigest()


# ---- the receipt: fields of ISO/IEC TS 27560:2023 as the W3C's DPV community group names them ----------
# What the ledger does not know is not made up: docs/ledger.md lists it.

CONTEXT = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
}
GUIDE = "https://w3id.org/dpv/guides/consent-27560"
EVENTS = ("request", "recipient_notice", "advance_notice")
STATES = {
    "grant": "dpv:ConsentGiven",
    "change": "dpv:ConsentGiven",
    "activation": "dpv:ConsentGiven",
    "refusal": "dpv:ConsentRefused",
    "withdrawal": "dpv:ConsentWithdrawn",
    "objection": "dpv:ConsentWithdrawn",
    "restriction": "dpv:ConsentGiven",  # and blocked, as the method of indication says
    "lifting": "dpv:ConsentGiven",
}


def receipt(records: list[tuple[int, dict[str, Any]]], texts: dict[str, str], created: str) -> dict[str, Any]:
    """The receipt about these records, without its proof."""
    first = records[0][1]
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": FORMAT,
        "dct:relation": GUIDE,
        "dct:identifier": first["receipt"] or f"record {records[0][0]}",
        "dct:created": created,
        "dpv:hasRecordOfActivity": [consent_record(number, record, texts) for number, record in records],
    }


def consent_record(number: int, record: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """One record with the fields of ISO/IEC TS 27560 that the gateway knows."""
    terms = json.loads(texts[record["policy"]]) if record.get("policy") else {}
    offered = {purpose["id"]: purpose for purpose in terms.get("purposes", ())}
    state = STATES.get(record["kind"], "dpv:ConsentUnknown")
    return {
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": FORMAT,
        "dct:identifier": f"record {number}",
        "dpv:hasDataSubject": {"dct:identifier": record["receipt"] or "not identified"},
        "dpv:hasDataController": {
            "dpv:hasName": terms.get("controller", {}).get("name", ""),
            "dpv:hasContact": terms.get("controller", {}).get("contact", ""),
        },
        "dpv:hasLegalBasis": "eu-gdpr:A6-1-a",
        "dpv:hasNotice": {
            "@type": "dpv:ConsentNotice",
            "dct:identifier": f"sha256:{record['shown']}",
            "dct:language": record["language"],
        },
        "dpv:hasProcess": [
            *(_process(id, record["granted"][id], offered, "dpv:ConsentGiven") for id in record["granted"]),
            *(_process(id, record["refused"][id], offered, _refused(state)) for id in record["refused"]),
        ],
        "dpv:hasService": list(record["services"]),
        "dpv:hasConsentControl": {"@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": record["host"]},
        "dpv:hasConsentStatus": {
            "@type": state,
            "dpv:isIndicatedBy": "dpv:DataSubject",
            "dpv:hasIndicationMethod": f"{record['layer']} ({record['kind']})",
            "dpv:isIndicatedAtTime": record["time"],
        },
    }


def _refused(state: str) -> str:
    return "dpv:ConsentWithdrawn" if state == "dpv:ConsentWithdrawn" else "dpv:ConsentRefused"


def _process(id: str, revision: str, offered: dict[str, Any], state: str) -> dict[str, Any]:
    services = offered.get(id, {}).get("services", ())
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": id,
        "dct:hasVersion": revision,
        "dpv:hasRecipient": [f"{one['name']} ({one['controller']}, {one['country']})" for one in services],
        "dpv:hasLocation": sorted({country for one in services for country in one["third_countries"]}),
        "dpv:hasPersonalData": sorted({item for one in services for item in one["data"]}),
        "dpv:hasConsentStatus": state,
    }


def event_receipt(
    number: int, event: dict[str, Any], said: dict[str, Any] | None, created: str
) -> dict[str, Any]:
    """What a bundle says of an event, without its proof; `said` is None where only the event is left."""
    if event["event"] not in EVENTS:
        raise ValueError(f"an event of another kind than {', '.join(EVENTS)}")
    return {"conformsTo": EVENT_FORMAT, "created": created, "number": number, "event": event, "said": said}


# ---- the bundle -------------------------------------------------------------------------------------


def written(bundle: dict[str, Any]) -> bytes:
    """The one spelling of a bundle, with the hash of the rest of it at its end."""
    content = {key: value for key, value in bundle.items() if key != "sha256"}
    content["sha256"] = hashlib.sha256(_spelt(content)).hexdigest()
    return _spelt(content)


def _spelt(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def check(data: bytes) -> dict[str, Any]:
    """The bundle, if everything in it holds. Raises ValueError with what does not."""
    try:
        bundle = json.loads(data.decode("utf-8"))
        if not isinstance(bundle, dict):
            raise ValueError("it is no bundle")
        if data != written(bundle):
            raise ValueError("the file was changed after it was written")
        proof = bundle["proof"]
        if proof["format"] not in (FORMAT, EVENT_FORMAT):
            raise ValueError(f"another format than {FORMAT!r} and {EVENT_FORMAT!r}")
        _check_chain(proof)
        expected = _event_of(proof, bundle) if proof["format"] == EVENT_FORMAT else _receipt_of(proof, bundle)
        if {**expected, "proof": proof, "sha256": bundle["sha256"]} != bundle:
            raise ValueError("the receipt says something else than the records")
    except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"something is missing or of another kind: {error}") from error
    return dict(bundle)


def _receipt_of(proof: dict[str, Any], bundle: dict[str, Any]) -> dict[str, Any]:
    records = [(one["number"], _record(one, proof)) for one in proof["records"]]
    _check_texts([record for _, record in records], proof["texts"])
    return receipt(records, proof["texts"], bundle["dct:created"])


def _event_of(proof: dict[str, Any], bundle: dict[str, Any]) -> dict[str, Any]:
    (one,) = proof["records"]
    event = _record(one, proof)
    said = _said(proof["opening"], event) if proof["opening"] is not None else None
    return event_receipt(one["number"], event, said, bundle["created"])


def _said(opening: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """What the digest in the event stands for."""
    if commitment(bytes.fromhex(opening["salt"]), opening["said"]) != event["digest"]:
        raise ValueError("what was said is not what the event has the digest of")
    said = dict(json.loads(opening["said"]))
    is_request = event["event"] == "request"
    named = {"number": event["request"], "what": event["step"]} if is_request else {"number": event["notice"]}
    named.update({name: event[name] for name in ("kind", "planned") if name in event and name in said})
    if {name: said[name] for name in named} != named:
        raise ValueError("the event says something else than what its digest stands for")
    return said


def chain(proof: dict[str, Any]) -> list[str]:
    """The chain values from the first record on to the head."""
    values, previous, number = [], proof["before"]["chain"], proof["before"]["number"]
    for own_digest in proof["digests"]:
        number += 1
        previous = link(previous, number, own_digest)
        values.append(previous)
    return values


def _check_chain(proof: dict[str, Any]) -> None:
    before, head = proof["before"], proof["head"]
    if before["number"] == 0 and before["chain"] != GENESIS:
        raise ValueError("the chain does not begin where every chain begins")
    if head["number"] != before["number"] + len(proof["digests"]):
        raise ValueError("links of the chain are missing")
    if chain(proof)[-1] != head["chain"]:
        raise ValueError("the links do not lead to the head")


def _record(one: dict[str, Any], proof: dict[str, Any]) -> dict[str, Any]:
    number = one["number"]
    place = number - proof["before"]["number"] - 1
    committed = commitment(bytes.fromhex(one["salt"]), one["payload"])
    if place < 0 or digest(committed, one["sealed"]) != proof["digests"][place]:
        raise ValueError(f"record {number} is not the one in the chain")
    return dict(json.loads(one["payload"]))


def _check_texts(records: list[dict[str, Any]], texts: dict[str, str]) -> None:
    named = {record["shown"] for record in records} | {record.get("policy") for record in records} - {
        None,
        "",
    }
    if texts.keys() != named:
        raise ValueError("a text that a record names is missing, or there is one that none names")
    for name, text in texts.items():
        if hashlib.sha256(text.encode("utf-8")).hexdigest() != name:
            raise ValueError(f"the text {name} is another one")


# ---- a value that was noted ---------------------------------------------------------------------------


def passed(proof: dict[str, Any], noted: str) -> int:
    """The number at which the chain has a noted value (or the line it stands in): the records up to there
    were in the ledger then. Raises ValueError where none is shown to be."""
    label, value = _noted(noted)
    first, end = min(one["number"] for one in proof["records"]), proof["head"]["number"]
    at = _place(proof, value)
    number = label if at is None else at
    if number is None:
        raise ValueError(
            f"not shown: the chain from record {first} to {end} does not have the value that was noted: "
            "it was noted before or after that, or this is another chain"
        )
    if number < first:
        raise ValueError(f"not shown: the value was noted before record {first} was written")
    if at is None and number > end:
        raise ValueError(
            f"not shown: the value was noted after this file was made, which ends at record {end}"
        )
    if at is None:
        raise ValueError("does not hold: the chain does not pass through the value that was noted")
    return at


def _noted(line: str) -> tuple[int | None, str]:
    found = re.search(r"(?:(?<!\S)([0-9]{1,12})\s+)?(?<!\S)([0-9a-f]{64})$", line.strip())
    if not found:
        raise ValueError("not a chain value: 64 of the digits 0 to 9 and a to f")
    return int(found[1]) if found[1] else None, found[2]


def _place(proof: dict[str, Any], value: str) -> int | None:
    values = [proof["before"]["chain"], *chain(proof)]
    return proof["before"]["number"] + values.index(value) if value in values else None


# ---- the script ---------------------------------------------------------------------------------------


def _line(number: int, record: dict[str, Any]) -> str:
    granted = ", ".join([*record["granted"], *record["services"]]) or "nothing"
    refused = ", ".join(record["refused"]) or "nothing"
    where = f"on {record['host']} ({record['layer']}, {record['language']})"
    return f"record {number}: {record['kind']} at {record['time']} {where}; granted: {granted}; refused: {refused}"


def _event_lines(number: int, event: dict[str, Any], said: dict[str, Any] | None) -> list[str]:
    """Values as JSON, so that no text looks like a line of this script."""
    facts = [
        f"{name} {_shown(event[name])}" for name in sorted(event) if name not in ("event", "time", "digest")
    ]
    lines = [f"record {number}: {event['event']} at {event['time']}; {', '.join(facts)}"]
    if said is not None:
        lines.append("what was said, as the digest in the record has it:")
        lines += [f"    {name}: {_shown(value)}" for name, value in sorted(said.items())]
    elif "digest" in event:
        lines.append("what was said is not in this file, only that it was")
    return lines


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description="Checks a bundle of `consent-gateway ledger prove` offline.",
        epilog="Exit code 1: something in it does not hold, or --head shows no record. 2: it cannot be read.",
    )
    parser.add_argument("bundle", help="the file to check")
    parser.add_argument(
        "--head",
        metavar="CHAIN",
        help="a chain value noted after the records were written, or the whole line: without one nothing "
        "shows that they are from the ledger",
    )
    chosen = parser.parse_args(arguments)
    if chosen.head is not None:
        try:
            _noted(chosen.head)
        except ValueError as error:
            parser.error(f"--head: {error}")
    try:
        with open(chosen.bundle, "rb") as file:  # noqa: PTH123 - a script that stands alone
            data = file.read()
    except OSError as error:
        print(f"{chosen.bundle}: {error.strerror}", file=sys.stderr)
        return 2
    try:
        bundle = check(data)
    except ValueError as error:
        print(f"does not hold: {error}")
        return 1
    return _told(bundle, chosen.head)


def _told(bundle: dict[str, Any], noted: str | None) -> int:
    """Says what is in a bundle that fits together, and what is shown by that; returns the exit code."""
    proof = bundle["proof"]
    if proof["format"] == EVENT_FORMAT:
        print("\n".join(_event_lines(bundle["number"], bundle["event"], bundle["said"])))
    else:
        for one in proof["records"]:
            print(_line(one["number"], json.loads(one["payload"])))
        for name in proof["texts"]:
            print(f"text {name}: as its name says")
    head = proof["head"]
    print(f"fits together: linked to record {head['number']}, whose chain value is {head['chain']}")
    if noted is None:
        print("Not shown: that it is from the ledger; anybody can write a file that fits together.")
        print("Give with --head a chain value of the ledger that was noted after the records were written.")
        return 0
    try:
        at = passed(proof, noted)
    except ValueError as error:
        print(error)
        return 1
    later = [str(one["number"]) for one in proof["records"] if one["number"] > at]
    print(f"holds: what is above up to record {at} was in the ledger when the value was noted")
    if later:
        print(f"not shown, for it came after the value was noted: record {', '.join(later)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
