"""What importing spectro loads, and which module may know which."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import spectro

PACKAGE = Path(spectro.__file__).parent
OPTIONAL = ("torch", "scipy", "librosa", "matplotlib", "soundfile", "soxr", "rich", "madmom", "torchaudio")


def test_import_loads_no_optional_library() -> None:
    script = f"import sys, spectro, spectro.compat; print([n for n in {OPTIONAL} if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_public_names_are_found_and_are_those_of_the_stub() -> None:
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text())
    declared = {
        alias.name: node.module
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(declared) == set(spectro.__all__)
    for name, module in declared.items():
        assert getattr(spectro, name) is getattr(importlib.import_module(f"spectro.{module}"), name)
    assert set(declared) <= set(dir(spectro))
    assert callable(spectro.config)  # a module's name too


def test_import_alone_loads_no_feature() -> None:
    script = (
        "import sys, spectro; print([n for n in ('numpy', 'spectro.spectrum.transform') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_without_a_back_end_of_mlx_the_error_says_what_to_install() -> None:
    script = "import sys; sys.modules['mlx.core'] = None; import spectro"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode != 0
    assert "pip install 'spectro-mlx[cpu]'" in run.stderr


def test_only_the_reference_backend_and_compat_import_a_reference() -> None:
    allowed = {PACKAGE / "backends" / "reference.py"}
    for path in PACKAGE.rglob("*.py"):
        if path in allowed or "compat" in path.parts or "cli" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names.append(node.module or "")
            assert not {name.split(".")[0] for name in names} & set(OPTIONAL), path


def test_the_core_never_imports_compat() -> None:
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert "compat" not in (node.module or "").split("."), path
