"""Run by Python when it starts, in processes whose parent runs under spectro's hook (children.py).

It waits for the first import of a swapped library. Another sitecustomize that this one hides is run too.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import sys
from typing import Any


class _Waiting:
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.libraries = frozenset(options["only"])

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname.partition(".")[0] not in self.libraries:
            return None
        sys.meta_path.remove(self)
        try:
            from spectro.compat.hook import install_inherited
        except ImportError as error:
            print(f"spectro: {fullname} is not swapped in this process: {error}", file=sys.stderr)
            return None
        finder = install_inherited(self.options)
        return finder.find_spec(fullname, path, target)


def _run_hidden() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    others = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if os.environ.get("SPECTRO_SWAP"):
    sys.meta_path.insert(0, _Waiting(json.loads(os.environ["SPECTRO_SWAP"])))
_run_hidden()
