"""The parity cases again, for what no golden holds: strict mode's bits, gradients, strides, wrong types."""

import warnings
from collections import defaultdict

import numpy as np
import pytest

import spectro
from spectro.compat.registry import mirrored
from spectro.parity_tests.cases import all_cases
from spectro.parity_tests.kinds import KINDS, to_numpy
from spectro.parity_tests.references import Libraries
from spectro.parity_tests.runner import Spectro

torch = pytest.importorskip("torch", reason="compares with torch itself")
pytest.importorskip("torchaudio", reason="compares with torchaudio itself")

pytestmark = [pytest.mark.references, pytest.mark.filterwarnings("ignore")]
TORCH32 = KINDS["torch32"]
EACH = 2  # cases of a function


def of_torch():
    """Return some good cases of each mirrored function, those with the most different options."""
    found = defaultdict(list)
    for case in all_cases():
        if case.reference in ("torch", "torchaudio") and not (case.native or case.bad):
            found[case.function].append(case)
    return [case for cases in found.values() for case in cases[:: max(1, len(cases) // EACH)][:EACH]]


CASES = of_torch()
TAKING = [case for case in CASES if case.x is not None]


def named(cases):
    return {"argvalues": cases, "ids": [case.id[:100] for case in cases]}


def answer(namespaces, case, x, options):
    with spectro.config(arrays="torch"):
        return case.call(namespaces, x, **options)


def given(case):
    return None if case.x is None else TORCH32.array(case.x), TORCH32.materialize(case.options)


def test_every_mirror_has_cases():
    names = {name for library in ("torch", "torchaudio") for name in mirrored(library)}
    assert {case.function for case in CASES} == names


@pytest.mark.parametrize("kind", ["numpy32", "mlx", "torch32"])
@pytest.mark.parametrize("case", **named(CASES))
def test_strict_is_the_reference_bit_for_bit(case, kind):
    kind = KINDS[kind]
    x, options = given(case)
    theirs = case.call(Libraries(), x, **options)
    x = None if case.x is None else kind.array(case.x)
    with spectro.config(strict=True, arrays=kind.library):
        if kind.library == "mlx" and theirs.dtype in (torch.float64, torch.complex128):
            with pytest.raises(spectro.BackendError):  # of which MLX has none
                case.call(Spectro(), x, **kind.materialize(case.options))
            return
        ours = case.call(Spectro(), x, **kind.materialize(case.options))
    values = to_numpy(theirs)
    assert kind.owns(ours)
    assert (tuple(ours.shape), to_numpy(ours).dtype) == (values.shape, values.dtype)
    assert to_numpy(ours).tobytes() == values.tobytes()


def tensors(case):
    """Yield the name of each tensor that autograd could follow."""
    x, options = given(case)
    for name, value in (("", x), *options.items()):
        if isinstance(value, torch.Tensor) and (value.is_floating_point() or value.is_complex()):
            yield name


@pytest.mark.parametrize(
    ("case", "name"), [(case, name) for case in CASES for name in tensors(case)], ids=str
)
def test_no_gradient_is_dropped(case, name):
    answers, gradients = [], []
    for namespaces in (Spectro(), Libraries()):
        x, options = given(case)
        tensor = (options[name] if name else x).requires_grad_()
        assert spectro.explain(tensor).startswith("torch: the tensor requires grad")
        y = answer(namespaces, case, x, options)
        answers.append(y)
        if y.requires_grad and "deemphasis" not in case.function.lower():  # torchaudio's own may not go back
            (y.abs() if y.is_complex() else y).sum().backward()
        gradients.append(tensor.grad)
    ours, theirs = answers
    assert (ours.requires_grad, ours.dtype) == (theirs.requires_grad, theirs.dtype)
    for mine, their in ((ours.detach(), theirs.detach()), gradients):
        assert (mine is None) == (their is None)
        if mine is not None:
            np.testing.assert_array_equal(to_numpy(mine), to_numpy(their))


# Masks leave the order that a spectrogram has; torchaudio's own swap it when each example has its own bins.
ORDERED = [c for c in TAKING if not any(name in c.function for name in ("mask", "Masking", "SpecAugment"))]


@pytest.mark.parametrize("case", **named(ORDERED))
def test_torch_tensors_have_torchs_strides(case):
    # `view` asks for them. An axis of one element may have any; what was cut off may be there still.
    ours, theirs = (answer(namespaces, case, *given(case)) for namespaces in (Spectro(), Libraries()))

    def order(y):
        axes = enumerate(zip(y.stride(), y.shape, strict=True))
        return [axis for _, axis in sorted((step, axis) for axis, (step, size) in axes if size > 1)]

    assert order(ours) == order(theirs)


@pytest.mark.parametrize(
    "case",
    **named([next(c for c in TAKING if c.function == f) for f in sorted({c.function for c in TAKING})]),
)
@pytest.mark.parametrize("wrong", [[1.0, 2.0], "audio", None], ids=str)
def test_what_is_no_array_is_refused_as_the_reference_does(case, wrong):
    raised = []
    for namespaces in (Spectro(), Libraries()):
        with pytest.raises(Exception) as caught, warnings.catch_warnings():
            answer(namespaces, case, wrong, given(case)[1])
        raised.append(caught.type)
    assert issubclass(*raised), raised
