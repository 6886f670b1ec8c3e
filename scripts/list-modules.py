"""Which modules Python and the platform's environment bring, as TypeScript for compiler/link/generated/modules.ts.

Run by a Python that has runtime/requirements.lock installed, at the oldest version that the runtime takes:

    .venv-test/bin/python scripts/list-modules.py > compiler/link/generated/modules.ts
"""

import importlib.metadata
import json
import re
import sys
from pathlib import Path


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


lock = Path(__file__).parents[1] / "runtime" / "requirements.lock"
locked = {normal(name) for name in re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock.read_text(), re.MULTILINE)}

packages: dict[str, list[str]] = {name: [] for name in sorted(locked)}
for distribution in importlib.metadata.distributions():
    found = set()
    for file in distribution.files or []:
        top = file.parts[0]
        if len(file.parts) > 1 and top.isidentifier() and file.suffix in (".py", ".so", ".pyd", ".pyi"):
            found.add(top)
        elif len(file.parts) == 1 and file.suffix in (".py", ".so", ".pyd"):
            found.add(top.split(".")[0])
    if normal(distribution.name) in packages:
        packages[normal(distribution.name)] = sorted(found - {"__pycache__"})

standard = sorted({*sys.stdlib_module_names, "__main__"})
print("// Written by scripts/list-modules.py from runtime/requirements.lock; do not edit.")
print("/** Of Python's own library. */")
print(f"export const standardModules: readonly string[] = {json.dumps(standard)};")
print("/** Packages of the platform's lock, with the modules that each brings. */")
print("export const platformPackages: Readonly<Record<string, readonly string[]>> = {")
for name, modules in packages.items():
    print(f"  {json.dumps(name)}: {json.dumps(modules)},")
print("};")
