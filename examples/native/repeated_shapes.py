"""RepeatedShapeCompileCache: compile for the shapes that keep coming, and no others."""

import mlx.core as mx
import numpy as np

from spectro import LogMelSpectrogramTransform, RepeatedShapeCompileCache

transform = LogMelSpectrogramTransform(sample_rate=16000, n_fft=400, hop_length=160, n_mels=80)
cache = RepeatedShapeCompileCache(lambda shape: transform.get_compiled(), min_hits=2, max_compiled_shapes=8)
used = {"eager": 0, "compiled": 0}


def frontend(x: mx.array) -> mx.array:
    """Log-mel of x, compiled from the second time a shape comes."""
    compiled = cache.get(x.shape)
    used["eager" if compiled is None else "compiled"] += 1
    return transform(x) if compiled is None else compiled(x)


rng = np.random.default_rng(0)
for length in (16000, 16000, 8000, 16000, 12000, 16000, 8000):
    y = frontend(mx.array(rng.standard_normal((1, length)).astype(np.float32)))
    assert y.shape == (1, 80, 1 + length // 160)
info = cache.cache_info()
print(f"{used['eager']} eager calls, {used['compiled']} compiled")
print(f"compiled shapes {info['compiled_shape_keys']}, still counted {info['pending_shapes']}")
