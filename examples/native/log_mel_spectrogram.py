"""LogMelSpectrogramTransform: the front end of a transcription model, compiled for a fixed shape."""

import mlx.core as mx
import numpy as np

from spectro import LogMelSpectrogramTransform

rng = np.random.default_rng(0)
batch = mx.array(0.1 * rng.standard_normal((4, 16000)).astype(np.float32))

log_mel = LogMelSpectrogramTransform(
    sample_rate=16000, n_fft=2048, hop_length=512, n_mels=256, f_min=30.0, f_max=8000.0, power=1.0,
    norm="slaney", mel_scale="htk", center_pad_mode="constant", log_amin=1e-5, log_mode="clamp",
)  # fmt: skip
eager = log_mel(batch)
compiled = log_mel.get_compiled()
print(f"{batch.shape} -> {eager.shape}, mean {float(eager.mean()):.2f}")
print(f"compiled differs by {float(mx.abs(compiled(batch) - eager).max()):.0e} at most")
silence = log_mel(mx.zeros((1, 16000)))
print(f"silence is ln(1e-5) = {float(silence.max()):.2f} everywhere")
