"""Metal kernels without a Mac: MLX writes the text, clang checks and compiles it, runtime.c runs it.

The text is the one MLX would hand to Apple's compiler. Exporting a function traces it without a GPU, and a
`metal_kernel` call traced with `verbose=True` prints what it made. Nothing here knows the project's kernels.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np

HERE = Path(__file__).resolve().parent
CACHE = Path(
    os.environ.get("METAL_EMULATOR_CACHE", Path(tempfile.gettempdir()) / f"metal-emulator-{os.getuid()}")
)

# ziglang, from PyPI, is a clang with everything a link needs.
ZIG = [sys.executable, "-m", "ziglang"]
ATTRIBUTES = {
    "thread_position_in_grid": 0,
    "thread_position_in_threadgroup": 1,
    "threadgroup_position_in_grid": 2,
    "threadgroups_per_grid": 3,
    "threads_per_grid": 4,
    "grid_size": 4,
    "threads_per_threadgroup": 5,
    "thread_index_in_threadgroup": 6,
    "thread_index_in_simdgroup": 7,
    "simdgroup_index_in_threadgroup": 8,
    "threads_per_simdgroup": 9,
}
DIALECT = [
    *("-x", "cl", "-cl-std=clc++2021", "-cl-no-stdinc", "-target", "x86_64-linux-gnu"),
    *("-include", str(HERE / "metal_stdlib"), "-Wno-unknown-attributes", "-ferror-limit=8"),
]


class Rejected(Exception):  # noqa: N818 - a verdict, not an error of this program
    """The text is not MSL; the message is clang's."""


class Fault(Exception):  # noqa: N818
    """The kernel did something at run time that a GPU may punish."""


@dataclass
class Call:
    """One `metal_kernel` call: the constructor's arguments and the call's."""

    name: str
    header: str
    source: str
    inputs: dict[str, np.ndarray]
    outputs: dict[str, tuple[tuple[int, ...], Any]]  # shape, MLX dtype
    template: list[tuple[str, int | bool]]
    grid: tuple[int, int, int]
    threadgroup: tuple[int, int, int]


def text_of(call: Call) -> str:
    """The Metal source MLX generates for `call`, read from what it prints."""
    kernel = mx.fast.metal_kernel(
        name=call.name,
        input_names=list(call.inputs),
        output_names=list(call.outputs),
        header=call.header,
        source=call.source,
    )

    def traced(*arrays: mx.array) -> Any:
        return kernel(
            inputs=list(arrays),
            output_shapes=[shape for shape, _ in call.outputs.values()],
            output_dtypes=[dtype for _, dtype in call.outputs.values()],
            grid=call.grid,
            threadgroup=call.threadgroup,
            template=call.template,
            verbose=True,
        )

    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "printed"
        sys.stdout.flush()
        keep = os.dup(1)
        with printed.open("wb") as out:
            os.dup2(out.fileno(), 1)
            try:
                mx.export_function(f"{folder}/k.mlxfn", traced, *(mx.array(a) for a in call.inputs.values()))
                ctypes.CDLL(None).fflush(None)  # MLX prints from C++
            finally:
                os.dup2(keep, 1)
                os.close(keep)
        text = printed.read_text()
    return text.split("```\n", 1)[1].rsplit("\n```", 1)[0]


def lowered(text: str, template: list[tuple[str, int | bool]]) -> str:
    """The MSL as C++ for OpenCL.

    Kernels cannot be templates there: the arguments become constants of the body. An entry point with the
    thread attributes filled in is appended. Nothing else of the text is touched.
    """
    text = re.sub(r"\ntemplate \[\[host_name.*?;\s*$", "\n", text, flags=re.S)
    text = re.sub(r"template <[^>]*>\n\[\[kernel\]\]", "[[kernel]]", text)
    found = re.search(r"\[\[kernel\]\] void (\w+)\((.*?)\) \{\n", text, flags=re.S)
    if found is None:
        raise Rejected("no kernel in the text")
    constants = "".join(
        f"  constexpr {'bool' if isinstance(v, bool) else 'int'} {k} = {str(v).lower()};\n"
        for k, v in template
    )
    arguments = []
    for parameter in found.group(2).split(",\n"):
        buffer = re.match(r"\s*(.*?)([&*]) \w+ \[\[buffer\((\d+)\)\]\]", parameter)
        if buffer:
            kind, reference, index = buffer.groups()
            arguments.append(f"{'*' if reference == '&' else ''}({kind}*)buffers[{index}]")
            continue
        kind, name = re.match(r"\s*(\w+) (\w+) \[\[", parameter).groups()  # type: ignore[union-attr]
        axes = [f"metal_attribute({ATTRIBUTES[name]}, {axis})" for axis in range(3 if kind == "uint3" else 1)]
        arguments.append(f"{kind}{{{', '.join(axes)}}}")
    return (
        text[: found.start()]
        + text[found.start() : found.end()].replace("[[kernel]] void", "__kernel void")
        + constants
        + text[found.end() :]
        + '\nextern "C" { uint metal_attribute(int, int); void metal_entry(const thread ulong* buffers); }\n'
        + f"void metal_entry(const thread ulong* buffers) {{ {found.group(1)}({', '.join(arguments)}); }}\n"
    )


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True)


def _emit(path: Path) -> str:
    """LLVM's form of the lowered text; raises `Rejected` with clang's words."""
    strict = ["-Wall", "-Wpre-c++17-compat", "-Wno-unused-function", "-Wno-unused-const-variable", "-Werror"]
    flags = ["-Xclang", "-cl-ext=-all,+cl_khr_fp16", "-ffp-contract=off", "-fsanitize=thread", "-fPIC"]
    done = _run(
        *(*ZIG, "clang", *DIALECT, *strict, *flags, "-O1", "-Xclang", "-disable-llvm-passes"),
        *("-emit-llvm", "-S", str(path), "-o", str(path.with_suffix(".ll"))),
    )
    if done.returncode:
        raise Rejected(done.stderr)
    return path.with_suffix(".ll").read_text()


def check(text: str, template: list[tuple[str, int | bool]]) -> None:
    """Raise `Rejected` if the text breaks a rule of MSL that clang, reading OpenCL, can be made to see."""
    path = _source(lowered(text, template))
    ir = _emit(path)
    # MSL wants an address space on every pointer and reference. With a generic default space an unqualified
    # one shows up as __generic in the syntax tree.
    generic = ["-Xclang", "-cl-ext=-all,+__opencl_c_generic_address_space,+cl_khr_fp16"]
    tree = _run(
        *ZIG, "clang", *DIALECT, *generic, "-w", "-Xclang", "-ast-dump", "-fsyntax-only", str(path)
    ).stdout
    for line in tree.splitlines():
        declared = re.search(r"(ParmVarDecl|VarDecl|FieldDecl)\b.* (\w+) '([^']*__generic[^']*)'", line)
        # the parameters of implicit copies and moves are references without a name
        unnamed = declared and declared.group(2) in ("used", "referenced") and declared.group(3).endswith("&")
        if declared and not unnamed and " implicit " not in line:
            raise Rejected(f"no address space: {declared.group(2)}, {declared.group(3)}")
        if "LambdaExpr" in line:
            raise Rejected("a lambda (Metal 3.2 and later only)")
    _refuse_recursion(ir)


def _refuse_recursion(ir: str) -> None:
    calls = {
        name: set(re.findall(r"call [^@\n]*@([\w.$]+)\(", body))
        for name, body in re.findall(r"^define [^@\n]*@([\w.$]+)\(.*?\{\n(.*?)^\}", ir, flags=re.S | re.M)
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise Rejected(f"recursion: {name} calls itself")
        if name in done:
            return
        for callee in calls.get(name, ()):
            visit(callee, (*above, name))
        done.add(name)

    for name in calls:
        visit(name, ())


def _source(text: str) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    parts = (text, (HERE / "runtime.c").read_text(), (HERE / "metal_stdlib").read_text())
    path = CACHE / f"{hashlib.sha256(''.join(parts).encode()).hexdigest()[:16]}.cl"
    if not path.exists():
        path.write_text(text)
    return path


def _runtime() -> Path:
    source = HERE / "runtime.c"
    path = CACHE / f"runtime-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}.o"
    if not path.exists():
        _must(
            *ZIG, "cc", "-std=gnu11", "-O2", "-fPIC", "-fno-sanitize=all", "-c", str(source), "-o", str(path)
        )
    return path


def _must(*command: str) -> None:
    done = _run(*command)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")


def build(text: str, template: list[tuple[str, int | bool]]) -> ctypes.CDLL:
    """The kernel and its runtime as a loaded library (cached by content)."""
    path = _source(lowered(text, template))
    library = path.with_suffix(".so")
    if not library.exists():
        ir = _emit(path)
        # threadgroup variables get a section of their own: its size is known and its contents can be poisoned
        ir = re.sub(
            r"^(@\S+ = internal (?:unnamed_addr )?global .*? undef)(, align)",
            r'\1, section "tgmem"\2',
            ir,
            flags=re.M,
        )
        path.with_suffix(".ll").write_text(ir)
        item = str(path.with_suffix(".o"))
        _must(
            *(*ZIG, "clang", "-x", "ir", "-target", "x86_64-linux-gnu", "-O1", "-fPIC", "-fsanitize=thread"),
            *("-Wno-override-module", "-c", str(path.with_suffix(".ll")), "-o", item),
        )
        partial = path.with_suffix(f".{os.getpid()}.so")
        _must(*ZIG, "cc", "-shared", "-fno-sanitize=all", item, str(_runtime()), "-lm", "-o", str(partial))
        partial.replace(library)
    loaded = ctypes.CDLL(str(library))
    loaded.metal_fault.restype = ctypes.c_char_p
    loaded.metal_threadgroup_bytes.restype = ctypes.c_uint64
    return loaded


def run(call: Call, schedule: int = 0) -> list[np.ndarray]:
    """The outputs of `call`, its threads run in the given schedule (0, 1, or a seed).

    Raises
    ------
    Fault
        For anything the runtime watches for.
    """
    for axis in range(3):
        if call.grid[axis] % call.threadgroup[axis]:
            raise Fault("the grid is not a multiple of the threadgroup")
    library = build(text_of(call), call.template)
    inputs = [np.ascontiguousarray(a) for a in call.inputs.values()]
    outputs = [np.empty(shape, _NUMPY[dtype]) for shape, dtype in call.outputs.values()]
    arrays = inputs + outputs
    groups = [g // t for g, t in zip(call.grid, call.threadgroup, strict=True)]
    count = len(arrays)
    failed = library.metal_dispatch(
        count,
        (ctypes.c_void_p * count)(*[a.ctypes.data for a in arrays]),
        (ctypes.c_uint64 * count)(*[a.nbytes for a in arrays]),
        (ctypes.c_int * count)(*[0] * len(inputs), *[1] * len(outputs)),
        (ctypes.c_uint32 * 3)(*groups),
        (ctypes.c_uint32 * 3)(*call.threadgroup),
        schedule,
    )
    if failed:
        raise Fault(library.metal_fault().decode())
    return outputs


_NUMPY = {mx.float32: np.float32, mx.complex64: np.complex64, mx.int32: np.int32}
