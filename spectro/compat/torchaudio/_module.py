"""What torchaudio's transforms have of `torch.nn.Module`: buffers, submodules, state and dtype.

Buffers are arrays of whatever library (`config(arrays=...)` when the transform
is made, or what the caller sets); they are converted to the audio's when a
transform runs.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

import mlx.core as mx
import numpy as np

from ...arrays import downcast, dtype_name, kind_asked, kind_of, new_array, receive, to_torch, torch_dtype
from ...backends.repeats import Repeats
from ...config import settings
from ...typing import Array
from .. import fallback
from ..torch._windows import default_dtype

__all__ = ["IncompatibleKeys", "Module", "check_table", "float64", "table"]


class IncompatibleKeys(NamedTuple):
    """What `Module.load_state_dict` did not find in the state, and what it found but does not know."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class _Parts(NamedTuple):
    """The names of a transform's attributes, by what they are: sorted once, since `adopt` is called often."""

    plain: list[str]
    buffers: list[str]
    children: list[str]


class Module(Repeats):
    """Base of the transforms."""

    BUFFERS: ClassVar[tuple[str, ...]] = ()
    training = True

    def __init__(self) -> None:
        self._kind = settings().arrays
        self._dtype = default_dtype(self._kind)
        self._converted: str | None = None
        self._given: set[str] = set()
        if self._kind == "torch":
            fallback.load("torch")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.BUFFERS:
            if kind_of(value) is None:
                raise TypeError(f"{name} must be an array, got {type(value).__name__}")
            self._given.add(name)
        super().__setattr__(name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.forward(*args, **kwargs)

    def __repr__(self) -> str:
        children = (f"\n({name}): {child!r}" for name, child in self.named_children())
        inner = "".join(children).replace("\n", "\n  ")
        return f"{type(self).__name__}({inner}\n)" if inner else f"{type(self).__name__}()"

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Apply the transform."""
        raise NotImplementedError

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Make buffer `name` anew in `dtype` (None: the default)."""
        raise NotImplementedError

    def make_buffers(self, dtype: str | None = None) -> None:
        """Make, or make again, the buffers that the caller did not set; convert the others."""
        for name in self.BUFFERS:
            if name in self._given:
                value = getattr(self, name)
                self.__dict__[name] = _like(value, value, dtype or dtype_name(value))
            else:
                value = self.build(name, dtype)
                if value is not None:  # a buffer that these arguments do without
                    self.__dict__[name] = value

    def new_table(self, values: np.ndarray, dtype: str | None) -> Array:
        """Round a float64 table to `dtype` in the library of this module's buffers."""
        return _new(values, self._kind, dtype or self._dtype)

    # Traversal, as in torch

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield the transforms this one is made of."""
        for name, value in list(vars(self).items()):  # a call in another thread may note something there
            if isinstance(value, Module):
                yield name, value

    def children(self) -> Iterator[Module]:
        """Yield `named_children` without the names."""
        return (child for _, child in self.named_children())

    def modules(self) -> Iterator[Module]:
        """Yield this transform and all within it."""
        yield self
        for child in self.children():
            yield from child.modules()

    def named_buffers(self, prefix: str = "") -> Iterator[tuple[str, Array]]:
        """Yield windows, filterbanks and bases by their dotted names."""
        dot = f"{prefix}." if prefix else ""
        for name in self.BUFFERS:
            if name in self.__dict__:
                yield dot + name, getattr(self, name)
        for name, child in self.named_children():
            yield from child.named_buffers(dot + name)

    def buffers(self) -> Iterator[Array]:
        """Yield `named_buffers` without the names."""
        return (value for _, value in self.named_buffers())

    _compared = buffers

    def parameters(self) -> Iterator[Array]:
        """Yield nothing: the transforms have no trainable parameters."""
        return iter(())

    def train(self, mode: bool = True) -> Module:
        """Set `training`, which changes nothing here."""
        for module in self.modules():
            module.training = bool(mode)
        return self

    def eval(self) -> Module:
        """Return ``train(False)``."""
        return self.train(False)

    # State

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> dict[str, Array]:
        """Return the buffers by their dotted names, as torchaudio's transform has them."""
        return {prefix + name: value for name, value in self.named_buffers()}

    def load_state_dict(
        self, state_dict: Mapping[str, Array], strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Take the values of `state_dict` (arrays of any library) into the buffers, which keep their dtypes.

        With `assign` the arrays themselves become the buffers. As in torch, what fits is taken also where
        something else does not and an error is raised.

        Raises
        ------
        RuntimeError
            For a wrong shape, something that is no array or, with `strict`, a missing or an unexpected name.
        TypeError
            If `state_dict` is no mapping.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"state_dict must be a mapping, got {type(state_dict).__name__}")
        own = self.state_dict()
        keys = IncompatibleKeys(
            [name for name in own if name not in state_dict], [name for name in state_dict if name not in own]
        )
        wrong = [f"Unexpected key(s): {', '.join(map(repr, keys.unexpected_keys))}"] * bool(
            keys[1] and strict
        )
        wrong += [f"Missing key(s): {', '.join(map(repr, keys.missing_keys))}"] * bool(keys[0] and strict)
        for name, mine in own.items():
            value = state_dict.get(name, mine)
            if kind_of(value) is None:
                wrong.append(f"{name!r} must be an array, got {type(value).__name__}")
            elif tuple(value.shape) != tuple(mine.shape):
                wrong.append(f"size mismatch for {name}: {tuple(value.shape)}, not {tuple(mine.shape)}")
            elif name in state_dict:
                self._set(name, value if assign else _like(value, mine, dtype_name(mine)))
        if wrong:
            raise RuntimeError(
                "\n\t".join([f"Error(s) in loading state_dict for {type(self).__name__}:", *wrong])
            )
        return keys

    def _set(self, name: str, value: Array) -> None:
        """Set the buffer of a dotted name."""
        *path, buffer = name.split(".")
        setattr(functools.reduce(getattr, path, self), buffer, value)

    def match(self, twin: Any) -> None:
        """Bring the reference's object to the state of this one: what the caller changed after making it."""
        torch: Any = fallback.load("torch")
        if self._converted is not None:
            twin.to(getattr(torch, self._converted))
        for name, value in vars(self).items():
            if isinstance(value, Module):
                value.match(getattr(twin, name))
            elif name in self.BUFFERS:
                if name in self._given:
                    given = to_torch(value)
                    if name in twin.__dict__["_parameters"]:
                        given = torch.nn.Parameter(given, given.requires_grad)
                    setattr(twin, name, given)
            elif not name.startswith("_"):
                setattr(twin, name, value)

    def adopt(self, theirs: Any) -> list[Array]:
        """Take the state of the torch module in place of which this one computes; return its buffers."""
        own, values, taken = self.__dict__, theirs.__dict__, []
        parts: _Parts | None = own.get("_parts")
        if parts is None:
            parts = own["_parts"] = self._sort_parts()
        for name in parts.plain:
            value = values[name] if name in values else getattr(theirs, name)
            if own[name] is not value:
                setattr(self, name, value)
        for name in parts.buffers:
            buffer = values["_buffers"].get(name)
            if buffer is None:  # a parameter of theirs, which their mirror looks after
                continue
            if buffer is not own[name]:
                setattr(self, name, buffer)
            taken.append(buffer)
        for name in parts.children:
            taken += own[name].adopt(values["_modules"][name])
        return taken

    def _sort_parts(self) -> _Parts:
        children = [name for name, _ in self.named_children()]
        buffers = [name for name in self.BUFFERS if name in self.__dict__]
        named = {*children, *buffers}
        return _Parts(
            [name for name in vars(self) if name[0] != "_" and name not in named], buffers, children
        )

    # Dtype and device

    def to(self, *args: Any, **kwargs: Any) -> Module:
        """Convert the buffers to a dtype (of any library), a device (torch buffers only), or both.

        float64 tables are computed in float64, not widened; MLX, which computes float64 on the
        CPU only, holds them as numpy.
        """
        for option in (*args, *kwargs.values()):
            if kind_of(option) is not None:
                self._convert(dtype_name(option))
            elif isinstance(option, str) or type(option).__name__ == "device":
                self._move(option)
            elif kind_asked(option) is not None and "float" in dtype_name(option):
                self._convert(dtype_name(option))
            elif kind_asked(option) is not None and not isinstance(option, (mx.Device, mx.DeviceType)):
                raise TypeError(f"tables are floating point, they cannot be {dtype_name(option)}")
        return self

    def _convert(self, dtype: str) -> None:
        for module in self.modules():
            module._dtype = module._converted = dtype
            module.make_buffers(dtype)

    def _move(self, device: Any) -> None:
        for module in self.modules():
            for name in module.BUFFERS:
                if kind_of(getattr(module, name, None)) == "torch":
                    module.__dict__[name] = getattr(module, name).to(device)

    def double(self) -> Module:
        """Return ``to(float64)``."""
        return self.to(np.float64)

    def float(self) -> Module:
        """Return ``to(float32)``."""
        return self.to(np.float32)

    def cpu(self) -> Module:
        """Return ``to("cpu")``."""
        return self.to("cpu")


def _like(value: Array, like: Array, dtype: str) -> Array:
    """Return `value` as an array of the library and device of `like`."""
    if kind_of(value) == kind_of(like) == "torch":
        return value.to(device=like.device, dtype=torch_dtype(dtype))
    return _new(float64(value), str(kind_of(like)), dtype, getattr(like, "device", None))


def _new(values: np.ndarray, kind: str, dtype: str, device: Any = None) -> Array:
    # MLX computes float64 on the CPU only, and the core never: numpy holds it.
    return new_array(values, "numpy" if (kind, dtype) == ("mlx", "float64") else kind, dtype, device)


def float64(x: Array) -> np.ndarray:
    """Return an array of any library as numpy float64."""
    return np.asarray(receive(x).data).astype(np.float64)


def table(xp: Any, buffer: Array) -> Array:
    """Return a buffer in namespace `xp`, in its own precision where the namespace has it."""
    data = receive(buffer).data
    if xp is np:
        return np.asarray(data)
    if isinstance(data, np.ndarray):
        if data.dtype == np.float64:
            downcast("the transform's table", data.dtype, "float32")
        return mx.array(data.astype(np.float32))
    return data


def check_table(xp: Any, x: Array, dtype: str, buffer: Array) -> None:
    """Check that `buffer` [K, M] can be applied to axis K of x [..., K, N], which came in `dtype`.

    Raises
    ------
    IndexError
        If `x` has no such axis.
    RuntimeError
        If K or the dtypes differ, as torch.matmul does.
    """
    if x.ndim < 2:
        raise IndexError(f"the input must have at least 2 dimensions, got shape {tuple(x.shape)}")
    if x.shape[-2] != buffer.shape[0]:
        raise RuntimeError(f"the input has {x.shape[-2]} rows, the table {buffer.shape[0]}")
    # MLX has one precision of table; torch and numpy ones must agree, since torch never promotes here.
    have = dtype_name(buffer) if xp is np else "float32"
    if dtype != have:
        raise RuntimeError(
            f"the input is {dtype} and the transform's table {have}: convert the audio, or the transform "
            "with .double() or .float()"
        )
    if xp is not np and dtype_name(buffer) == "float64":
        downcast("the transform's table", "float64", "float32")
