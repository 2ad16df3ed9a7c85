"""`make audit`: known security holes of what is installed. Exit code 1 for a hole, 2 where the database could not be asked
about every library."""

from __future__ import annotations

import json
import subprocess
import sys

MOST_NAMED = 5


def main() -> int:
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--progress-spinner",
        "off",
        "--skip-editable",
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    return judged(done.stdout, done.stderr)


def judged(output: str, errors: str) -> int:
    """The exit code for what pip-audit said; prints each hole."""
    try:
        libraries = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        said = (errors.strip() or "no answer").splitlines()[-1]
        print(f"The database of known holes could not be asked, so nothing is known: {said}", file=sys.stderr)
        return 2
    holes = [(one, hole) for one in libraries for hole in one.get("vulns", ())]
    for one, hole in holes:
        print(
            f"{one['name']} {one['version']}: {hole['id']}; mended in {', '.join(hole['fix_versions']) or 'no version'}"
        )
    unknown = [one["name"] for one in libraries if "skip_reason" in one]
    print(f"{len(holes)} known holes in {len(libraries) - len(unknown)} libraries")
    if unknown:
        some = ", ".join(unknown[:MOST_NAMED]) + (" …" if len(unknown) > MOST_NAMED else "")
        print(
            f"The database of known holes says nothing of {len(unknown)} libraries: {some}", file=sys.stderr
        )
    return 1 if holes else 2 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
