"""Code written for mlx-spectro 0.7.0 runs: its README's names, parameters, defaults and strings are here."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import seed_names as seed

import spectro


def named(path: str) -> Any:
    thing: Any = spectro
    for part in path.split("."):
        thing = getattr(thing, part)
    return thing


def parameters(path: str) -> dict[str, inspect.Parameter]:
    found = dict(inspect.signature(named(path)).parameters)
    found.pop("self", None)
    return found


@pytest.mark.parametrize("path", seed.SIGNATURES)
def test_signature(path: str) -> None:
    found, promised = parameters(path), seed.SIGNATURES[path]
    assert [name for name in found if name in promised] == list(promised)
    for name, default in promised.items():
        expected = inspect.Parameter.empty if default is seed.REQUIRED else default
        assert found[name].default == expected, name
        assert type(found[name].default) is type(expected), name
    # What was added since must not be in the way of a call by position, nor be required.
    extra = [p for name, p in found.items() if name not in promised]
    assert all(p.default is not p.empty or p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in extra)
    first_keyword = seed.KEYWORD_ONLY.get(path)
    names = list(promised)
    by_position = names[: names.index(first_keyword)] if first_keyword else names
    order = [n for n, p in found.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert order[: len(by_position)] == by_position
    if first_keyword:
        kinds = {found[name].kind for name in names[names.index(first_keyword) :]}
        assert kinds == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("path", seed.KEYWORDS)
def test_keywords(path: str) -> None:
    found = parameters(path)
    if any(p.kind is p.VAR_KEYWORD for p in found.values()):  # passed on to MelSpectrogramTransform
        found |= parameters("MelSpectrogramTransform")
    assert set(seed.KEYWORDS[path]) <= set(found)


def choices() -> list[tuple[str, str, Any]]:
    return [
        (name, parameter, value)
        for name, table in seed.ACCEPTED.items()
        for parameter, values in table.items()
        for value in values
    ]


REQUIRED = {
    "SpectralTransform": {"n_fft": 256, "hop_length": 64},
    "FilteredSpectrogramTransform": {"filterbank": np.eye(1025, 7)},
}


@pytest.mark.parametrize(("name", "parameter", "value"), choices())
def test_accepted_value(name: str, parameter: str, value: Any) -> None:
    value, needed = value if isinstance(value, tuple) else (value, {})
    options = {**REQUIRED.get(name, {}), **needed, parameter: value}
    transform = named(name)(**options)
    if parameter != "istft_backend_policy":  # whose values choose backends that may not be here
        x = np.random.default_rng(0).standard_normal(8000).astype(np.float32)
        result = transform.stft(x) if name == "SpectralTransform" else transform(x)
        values = result.values() if isinstance(result, dict) else [result]
        assert all(np.isfinite(v).all() and v.size for v in values)
    with pytest.raises((spectro.ParameterError, spectro.ArrayTypeError), match=parameter.split("_")[0]):
        named(name)(**{**options, parameter: "no such thing"})


@pytest.mark.parametrize("parameter", [(m, p) for m, t in seed.METHOD_STRINGS.items() for p in t])
def test_strings_of_methods(parameter: tuple[str, str]) -> None:
    method, option = parameter
    transform = spectro.SpectralTransform(256, 64)
    x = np.random.default_rng(0).standard_normal((1, 4000))
    given = x if method == "stft" else transform.stft(x)
    for value in seed.METHOD_STRINGS[method][option]:
        assert np.isfinite(getattr(transform, method)(given, **{option: value})).all()
    with pytest.raises(spectro.ParameterError, match=option):
        getattr(transform, method)(given, **{option: "no such thing"})


def test_strings_of_amplitude_to_db() -> None:
    s = np.ones((2, 3, 4))
    for stype in ("power", "magnitude"):
        for mode in ("torchaudio_compat", "per_example"):
            assert not spectro.amplitude_to_db(s, stype=stype, mode=mode).any()


@pytest.mark.parametrize("alias", seed.TYPING_ALIASES)
def test_typing_alias(alias: str) -> None:
    assert alias in spectro.__all__
    assert named(alias) is not None


def test_every_name_is_public() -> None:
    names = {path.split(".")[0] for path in (*seed.SIGNATURES, *seed.KEYWORDS)}
    assert names <= set(spectro.__all__)


def test_environment_variables_are_read() -> None:
    folder = Path(spectro.__file__).parent
    sources = [*folder.rglob("*.py"), *Path(spectro.kernels.__path__[0]).rglob("*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert [name for name in seed.ENVIRONMENT if name not in text] == []
