"""Write reference.json: the signatures of the mirrored names, as the references themselves have them.

Run in the reference environment, from the root of the repository:

    python tests/compat/signatures/make.py

torch's built-in functions carry no signature that Python can read; theirs is the one (with
overloads, the longest) in their documentation.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
Parameters = list[list[Any]]


def text(default: Any) -> str:
    """Return a default as text; a function or librosa's mark by its name, so that mirrors of it are equal."""
    if type(default).__name__ == "Deprecated":
        return "Deprecated()"
    return str(default.__name__) if callable(default) else repr(default)


def read(callable_: Any) -> Parameters:
    """Return [name, keyword-only, default or None] of each parameter but self."""
    return [
        [p.name, p.kind is p.KEYWORD_ONLY, None if p.default is p.empty else text(p.default)]
        for p in inspect.signature(callable_).parameters.values()
        if p.name != "self"
    ]


def read_documentation(function: Any) -> Parameters:
    """Return the same from the longest ``name(...)`` that opens a line of the documentation."""
    joined = re.sub(r"\\\n\s*", "", function.__doc__)
    name = function.__name__
    found = re.findall(rf"^(?:\.\. function:: )?{name}\((.*?)\)(?: ->|\s*$)", joined, re.MULTILINE)
    parameters: Parameters = []
    keyword_only = False
    for item in max(found, key=len).split(","):
        name, _, default = item.strip().partition("=")
        if name == "*":
            keyword_only = True
        else:
            parameters.append([name.split()[-1], keyword_only, default or None])
    return parameters


def signatures(thing: Any) -> dict[str, Parameters]:
    """Return the signatures of a function or a class ("call"), and of a torch module ("forward")."""
    if hasattr(thing, "forward"):
        return {"call": read(thing.__init__), "forward": read(thing.forward)}
    return {"call": read_documentation(thing) if inspect.isbuiltin(thing) else read(thing)}


def main() -> None:
    sys.path.insert(0, str(ROOT))
    registry = importlib.import_module("spectro.compat.registry")
    mirrors = registry.mirrored().values()
    libraries = sorted({mirror.library for mirror in mirrors})
    table = {
        "versions": {name: importlib.import_module(name).__version__.partition("+")[0] for name in libraries},
        "signatures": {mirror.name: signatures(mirror.reference()) for mirror in mirrors},
    }
    path = Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
