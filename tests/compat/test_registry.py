"""What is mirrored, and that its signatures are the references'."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

from spectro import compat
from spectro.compat import registry

TABLE = json.loads((Path(__file__).parent / "signatures" / "reference.json").read_text())
MIRRORED = registry.mirrored()

# In what the mirrors' signatures may differ: torch.strided is torch's only dense layout and cannot be
# named without torch; the documentation of torch's overloads gives no defaults (its text does: True,
# 0.54, 0.46); pin_memory is accepted by all window functions and documented by one.
DENSE = {"torch.strided": "None"}
UNDOCUMENTED = {"pin_memory"}
IN_PROSE = {("periodic", "True"), ("alpha", "0.54"), ("beta", "0.46")}


def test_what_is_read_in_the_files_is_what_is_imported():
    libraries = sorted({mirror.library for mirror in MIRRORED.values()})
    assert [name for library in libraries for name in registry.declared(library)] == list(MIRRORED)
    assert all(registry._written(library) == set(registry.declared(library)) for library in libraries)


def text(default):
    return default.__name__ if callable(default) else repr(default)


@pytest.mark.parametrize("name", MIRRORED)
def test_signature_is_the_references(name):
    thing = MIRRORED[name].object
    ours = {"call": thing}
    if hasattr(thing, "forward"):
        ours = {"call": thing.__init__, "forward": thing.forward}
    for part, reference in TABLE["signatures"][name].items():
        parameters = [p for p in inspect.signature(ours[part]).parameters.values() if p.name != "self"]
        documented = {row[0] for row in reference}
        extra = [p.name for p in parameters if p.name not in documented]
        assert set(extra) <= UNDOCUMENTED
        shared = [p for p in parameters if p.name in documented]
        assert [p.name for p in shared] == [row[0] for row in reference]
        for p, (_, keyword_only, default) in zip(shared, reference, strict=True):
            assert (p.kind is p.KEYWORD_ONLY) == keyword_only
            if p.default is p.empty:
                assert default is None
            elif default is None:
                assert (p.name, text(p.default)) in IN_PROSE
            else:
                assert text(p.default) == DENSE.get(default, default)


def test_every_reference_signature_has_its_mirror():
    assert set(TABLE["signatures"]) == set(MIRRORED)


@pytest.mark.parametrize("name", MIRRORED)
def test_mirror_stands_where_the_reference_has_it(name):
    thing = compat
    for part in name.split("."):
        thing = getattr(thing, part)
    assert thing is MIRRORED[name].object
    assert thing.__mirrors__ == name
    assert MIRRORED[name].library == name.split(".")[0]


def test_both_spellings_of_the_transforms_are_one():
    for name in ("Spectrogram", "MelSpectrogram", "MelScale", "AmplitudeToDB", "MFCC"):
        assert getattr(compat.torchaudio, name) is getattr(compat.torchaudio.transforms, name)


def test_importing_the_namespaces_loads_no_reference():
    code = """
import sys
import numpy as np
import spectro.compat.torch as t
from spectro.compat import registry

registry.mirrored()
t.stft(np.zeros(100), 16, window=t.hann_window(16), return_complex=True)
print({"torch", "torchaudio", "librosa", "madmom", "scipy"} & set(sys.modules))
"""
    root = Path(compat.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "set()", done.stdout
