"""docs/native-api.md says what signatures and docstrings say."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import spectro

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def native_api() -> ModuleType:
    spec = importlib.util.spec_from_file_location("native_api", ROOT / "tools" / "native_api.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_page_is_up_to_date(native_api: ModuleType) -> None:
    assert native_api.PAGE.read_text(encoding="utf-8") == native_api.page(), "run python -m tools.native_api"


def test_every_public_name_has_an_entry(native_api: ModuleType) -> None:
    headings = re.findall(r"^### `(\w+)`$", native_api.page(), flags=re.M)
    assert sorted(headings) == sorted(spectro.__all__)


def test_entries_show_defaults_and_examples(native_api: ModuleType) -> None:
    text = "\n".join(native_api.entry("rms", spectro.rms))
    assert 'pad_mode: str = "reflect"' in text.replace("'", '"')
    assert "**Parameters**" in text
    assert "- `frame_length, hop_length` : int" in text
    assert re.search(r"```python\n>>> .*?\n\[0\.5, 0\.5\]\n```", text, flags=re.S)
