"""Write docs/native-api.md from the signatures and docstrings of `spectro`'s public names.

python -m tools.native_api           write the page
python -m tools.native_api --check   exit with 1 if it is not what would be written
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import spectro

PAGE = Path(__file__).resolve().parent.parent / "docs" / "native-api.md"

# Sections in the order in which data flows: title, what stands in it.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("STFT and its inverse", ("spectrum.transform", "spectrum.plan", "framing.windows", "framing.chunks")),
    ("Frames by rate", ("framing.rates", "onsets.fps")),
    ("Filterbanks", ("filterbanks.mel", "filterbanks.bins")),
    ("Mel, log-mel and MFCC", ("spectrograms.mel", "spectrograms.cepstrum")),
    ("Filtered spectrograms", ("spectrograms.filtered",)),
    ("Scales", ("spectrum.scales",)),
    ("Descriptors", ("features.descriptors", "features.chroma", "features.waveform", "features.several")),
    ("Onsets", ("onsets.strength", "onsets.detection", "onsets.phase_detection")),
    ("Constant-Q", ("constantq",)),
    ("Compiling, backends, diagnostics", ("compiled.cache", "backends.dispatch", "diagnostics", "config")),
    ("Errors and warnings", ("errors",)),
    ("Types of options", ("typing",)),
)
HEADER = """\
# The native API

*Written by `python -m tools.native_api` from signatures and docstrings: change those, not this page.*

numpy in gives numpy out, a torch tensor a torch tensor, an `mx.array` a lazy `mx.array`. Audio is `[T]` or
`[B, T]`; N are frames, F bins, B examples. Runnable examples: `examples/native/`.
"""


def names_by_module() -> dict[str, list[str]]:
    """Return the public names of every module, in the order of `spectro.__all__`."""
    found: dict[str, list[str]] = {}
    for name in spectro.__all__:
        module = spectro._MODULE_OF.get(name) or getattr(spectro, name).__module__.partition(".")[2]
        found.setdefault(module, []).append(name)
    return found


def page() -> str:
    """Return the page."""
    modules = names_by_module()
    lines = [HEADER]
    for title, _ in SECTIONS:
        lines.append(f"- [{title}](#{anchor(title)})")
    for title, members in SECTIONS:
        lines += ["", f"## {title}"]
        for module in members:
            for name in modules.pop(module):
                lines += ["", *entry(name, getattr(spectro, name))]
    if modules:
        raise SystemExit(f"no section for the names of {', '.join(modules)}")
    return "\n".join(lines) + "\n"


def anchor(title: str) -> str:
    """Return what a heading's link is on GitHub."""
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def entry(name: str, thing: Any) -> Iterator[str]:
    """Yield the lines about one name."""
    yield f"### `{name}`"
    yield ""
    if inspect.isclass(thing) and issubclass(thing, BaseException):
        bases = ", ".join(f"`{base.__name__}`" for base in thing.__bases__)
        yield f"{inspect.getdoc(thing)} A {bases}."
    elif callable(thing) and not get_args(thing):
        yield from signature(name, thing)
        yield from described(thing)
        if inspect.isclass(thing):
            for method, function in public_methods(thing):
                yield from ("", f"#### `{name}.{method}`", "")
                if not isinstance(function, property):
                    yield from signature(method, function)
                yield from described(function)
    else:
        yield ", ".join(f"`{option}`" for option in options(thing))


def options(alias: Any) -> Iterator[str]:
    """Yield what a type of options stands for: strings and types."""
    for value in get_args(alias):
        if get_args(value):
            yield from options(value)
        elif inspect.isclass(value) and value is not type(None):
            yield f"{value.__module__}.{value.__name__}"
        else:
            yield "None" if value is type(None) else repr(value)


def public_methods(cls: type) -> Iterator[tuple[str, Any]]:
    """Yield methods and properties in the order of their definition, those of bases after a class's own."""
    seen = set()
    for owner in cls.__mro__:
        if not owner.__module__.startswith("spectro"):
            continue
        for name, member in vars(owner).items():
            if name in seen or name.startswith("_") or not member.__doc__:
                continue
            if isinstance(member, property) or (inspect.isfunction(member) and not is_internal(member)):
                seen.add(name)
                yield name, member


def is_internal(function: Any) -> bool:
    """Return whether a method is there for other modules: it takes a namespace or arrays already checked."""
    return not {"xp", "received"}.isdisjoint(inspect.signature(function).parameters)


def signature(name: str, function: Any) -> Iterator[str]:
    """Yield a signature as a block of code, a parameter a line where it is long."""
    found = inspect.signature(function)
    parameters, star = [], False
    for p in found.parameters.values():
        if p.name == "self":
            continue
        if p.kind is p.KEYWORD_ONLY and not star:
            star = True
            parameters.append("*")
        star = star or p.kind is p.VAR_POSITIONAL
        parameters.append(parameter(p))
    result = "" if inspect.isclass(function) else f" -> {annotation(found.return_annotation)}"
    line = f"{name}({', '.join(parameters)}){result}"
    if len(line) > 100:
        line = f"{name}(\n    " + ",\n    ".join(parameters) + f",\n){result}"
    yield from ("```python", line, "```", "")


def parameter(p: inspect.Parameter) -> str:
    """Return "name: type = default"."""
    stars = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
    default = "" if p.default is p.empty else f" = {p.default!r}"
    return f"{stars}{p.name}: {annotation(p.annotation)}{default}"


def annotation(found: Any) -> str:
    """Return a type as it is written in the source."""
    return found if isinstance(found, str) else str(inspect.formatannotation(found))


def described(thing: Any) -> Iterator[str]:
    """Yield a numpydoc docstring as Markdown: bold titles, lists of parameters, examples as code."""
    paragraphs, section = (inspect.getdoc(thing) or "").split("\n"), ""
    code = False
    for i, line in enumerate(paragraphs):
        following = paragraphs[i + 1] if i + 1 < len(paragraphs) else ""
        if following and set(following) == {"-"}:
            section = line
            yield from ((f"**{line}**", ""))
        elif line and set(line) == {"-"}:
            continue
        elif section == "Examples":
            if line.startswith(">>>") and not code:
                code = True
                yield "```python"
            yield line
            if code and not following:
                code = False
                yield "```"
        elif section and line and not line.startswith(" "):
            name, colon, kind = line.partition(" : ")
            named = section not in ("Returns", "Yields") or colon
            yield (f"- `{name}`" if named else f"- {name}") + (f" : {kind}" if colon else "")
        elif section and line.startswith("    "):
            yield f"  {line.strip()}"
        elif line.startswith("    "):
            yield f"    {line}" if not line.startswith("        ") else line
        else:
            yield line


def main(arguments: list[str]) -> int:
    """Write or check the page."""
    text = page()
    if "--check" in arguments:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
