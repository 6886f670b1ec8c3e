"""Writes runtime/licences.json: the licence of each package of runtime/requirements.lock, as its own metadata has it.

Run by a Python that has them installed, after a change of the lock: `.venv-test/bin/python scripts/list-licences.py`.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

RUNTIME = Path(__file__).parent.parent / "runtime"


def licence(name: str) -> str | None:
    """SPDX's expression where there is one, else what the classifiers say, else a short text."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return None
    if expression := found.get("License-Expression"):
        return str(expression)
    classifiers = [each.split(" :: ")[-1] for each in found.get_all("Classifier") or [] if each.startswith("License ::")]
    named = [each for each in classifiers if each != "OSI Approved"]
    text = str(found.get("License") or "").strip()
    if named:
        return ", ".join(sorted(named))
    return text.splitlines()[0][:100] if text and text != "UNKNOWN" else None


def main() -> None:
    path = RUNTIME / "licences.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    lock = (RUNTIME / "requirements.lock").read_text()
    names = re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)
    # What another system's machine needs is not installed here, and keeps what was stated by hand.
    licences = {name: licence(name) or known.get(name, "") for name in sorted(names)}
    path.write_text(json.dumps(licences, indent=2) + "\n")
    for name in (name for name, found in licences.items() if not found):
        print(f"{name}: state its licence in {path} by hand")


if __name__ == "__main__":
    main()
