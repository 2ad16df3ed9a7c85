"""The bill of materials of a release (CycloneDX 1.6, ECMA-424) and its licence texts, from what is installed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from release.closure import Needed
from release.licences import licence, texts

RULE = "-" * 100


class NotValid(Exception):
    """A bill that its schema does not allow."""


def bill(needs: Mapping[str, Needed], name: str, python: str, made: int) -> str:
    """JSON with every distribution, its version, licence and what it needs. `made` is in seconds since 1970.

    The same from the same: the serial number comes of the content. Raises UnknownLicence and NotValid."""
    components = {key: _component(one, is_root=key == name) for key, one in needs.items()}
    bom = Bom(components=[one for key, one in components.items() if key != name])
    bom.metadata.component = components[name]
    bom.metadata.timestamp = datetime.fromtimestamp(made, UTC)
    bom.metadata.properties.add(Property(name="consent-gateway:python", value=python))
    bom.serial_number = uuid.uuid5(
        uuid.NAMESPACE_URL, " ".join([python, *(str(one.purl) for one in components.values())])
    )
    for key, one in needs.items():
        bom.register_dependency(components[key], [components[other] for other in sorted(one.needs)])
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if (fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        raise NotValid(str(fault))
    return text + "\n"


def _component(one: Needed, *, is_root: bool) -> Component:
    found = one.distribution
    purl = PackageURL("pypi", name=one.name, version=found.version)
    return Component(
        name=one.name,
        version=found.version,
        type=ComponentType.APPLICATION if is_root else ComponentType.LIBRARY,
        description=str(found.metadata.json.get("summary", "")),
        licenses=[LicenseFactory().make_from_string(licence(found))],
        purl=purl,
        bom_ref=str(purl),
    )


def licence_texts(needs: Mapping[str, Needed]) -> str:
    """Name, version, licence and the licence files of every distribution, in one text."""
    parts = []
    for one in needs.values():
        brought = texts(one.distribution)
        heading = f"{one.name} {one.distribution.version}: {licence(one.distribution)}"
        parts.append(heading if brought else f"{heading}\n(brings no licence file)")
        parts += [f"[{path}]\n{text.strip()}" for path, text in brought.items()]
        parts.append(RULE)
    return "\n\n".join(parts) + "\n"
