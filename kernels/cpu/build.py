"""Compiles the CPU kernels: the same sources once per instruction set, each into a library of its own.

Separate libraries, not one with several namespaces: templates of the standard library that were compiled for
AVX-512 could otherwise replace, at link time, the very copies that an older processor must run.

Used by setup.py, and by hand from a checkout: ``python kernels/cpu/build.py``. Needs nothing but Python.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBRARY_FOLDER = "_lib"
SOURCES = ("api.cpp", "threads.cpp")
# -fno-math-errno lets sqrt be an instruction; no value changes. Nothing of -ffast-math is used.
FLAGS = ("-std=c++17", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-fno-math-errno", "-pthread")

# name: (bytes of a vector, flags)
X86_64 = {
    "baseline": (16, ()),
    "avx2": (32, ("-mavx2", "-mfma")),
    "avx512": (
        64,
        ("-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512bw", "-mfma", "-mprefer-vector-width=512"),
    ),
}
ARM64 = {"neon": (16, ())}
OTHER = {"baseline": (16, ())}


def instruction_sets(machine: str | None = None) -> dict[str, tuple[int, tuple[str, ...]]]:
    """What to build for a machine name as ``platform.machine()`` gives it."""
    machine = (machine or platform.machine()).lower()
    if machine in ("x86_64", "amd64"):
        return X86_64
    return ARM64 if machine in ("arm64", "aarch64") else OTHER


def library_name(isa: str) -> str:
    """Return the file name of one library."""
    return f"spectro_{isa}" + (".dylib" if sys.platform == "darwin" else ".so")


def compiler() -> list[str] | None:
    """``$CXX`` (``CXX=none`` means: do not build), or the first C++ compiler on the path."""
    chosen = os.environ.get("CXX", "").strip()
    if chosen:
        words = shlex.split(chosen)
        return words if words[0] != "none" and shutil.which(words[0]) else None
    return next(([name] for name in ("c++", "g++", "clang++") if shutil.which(name)), None)


def can_build() -> bool:
    """Whether there is something to compile with."""
    return compiler() is not None and sys.platform != "win32"


def newest_source() -> float:
    """Return when the last source was changed."""
    return max(p.stat().st_mtime for p in [*HERE.glob("*.h"), *HERE.glob("*.cpp"), Path(__file__)])


def build(folder: Path, *, quiet: bool = False) -> list[Path]:
    """Compile every library of this machine into `folder`; those already up to date are kept.

    Returns the libraries made, none where there is no compiler. A library that fails to compile is left out
    with a message: the others serve (an old compiler may not know AVX-512, say), and without any, plain MLX
    does.
    """
    command = compiler()
    if command is None or not can_build():
        print(
            "spectro: no C++ compiler, so no native CPU kernels; plain MLX will be used instead",
            file=sys.stderr,
        )
        return []
    folder.mkdir(parents=True, exist_ok=True)
    # The C++ runtime goes into the library, so that a wheel runs beside any other version of it.
    runtime = () if sys.platform == "darwin" else ("-static-libstdc++", "-static-libgcc")
    newest = newest_source()

    def compiled(isa: str) -> Path | None:
        vector_bytes, flags = instruction_sets()[isa]
        target = folder / library_name(isa)
        if target.exists() and target.stat().st_mtime >= newest:
            return target
        temporary = target.with_suffix(f".{os.getpid()}.tmp")
        arguments = [*command, *FLAGS, *flags, *runtime, f"-DSPECTRO_VECTOR_BYTES={vector_bytes}"]
        arguments += [str(HERE / source) for source in SOURCES] + ["-o", str(temporary)]
        if not quiet:
            print(f"spectro: compiling the CPU kernels for {isa}", file=sys.stderr, flush=True)
        result = subprocess.run(arguments, capture_output=True, text=True)
        if result.returncode != 0:
            print(
                f"spectro: no kernels for {isa}: the compiler said\n{result.stderr[-2000:]}", file=sys.stderr
            )
            temporary.unlink(missing_ok=True)
            return None
        os.replace(temporary, target)
        return target

    from concurrent.futures import (
        ThreadPoolExecutor,
    )  # not above: library.py needs the names of this file only

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [path for path in pool.map(compiled, instruction_sets()) if path is not None]


if __name__ == "__main__":
    sys.exit(0 if build(HERE / LIBRARY_FOLDER) else 1)
