"""Onsets by SuperFlux, as one writes it for madmom; only the first import differs.

    python examples/superflux_onsets.py [--audio FILE] [--plot onsets.png]

Without a file it synthesizes a clip: plucked notes with vibrato on a floor of noise, which plain spectral
flux takes for many more onsets than SuperFlux does. With madmom itself, ``import madmom``.
"""

from __future__ import annotations

import argparse

import numpy as np

from spectro.compat import madmom

SAMPLE_RATE = 44100
FPS = 200
NOTES = (0.25, 0.8, 1.3, 1.55, 2.2, 2.9, 3.15, 3.4)


def clip() -> np.ndarray:
    """Return four seconds of notes with vibrato, int16 [T]."""
    t = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    x = np.random.default_rng(0).standard_normal(len(t)) * 1e-3
    for i, begin in enumerate(NOTES):
        since = np.maximum(t - begin, 0.0)
        envelope = (t >= begin) * np.exp(-2.5 * since) * np.minimum(since / 0.005, 1.0)
        vibrato = 0.01 * np.sin(2 * np.pi * 6 * since) / (2 * np.pi * 6)
        frequency = 220 * 2 ** ((0, 7, 12, 4, 9, 2, 5, 0)[i] / 12)
        for harmonic in range(1, 9):
            x += 0.1 / harmonic * envelope * np.sin(2 * np.pi * frequency * harmonic * (since + vibrato))
    x *= np.minimum((t[-1] - t) / 0.3, 1.0)  # an end that is cut off would be an onset itself
    return np.round(x / abs(x).max() * 2**14).astype(np.int16)


def main() -> None:
    """Detect, print and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--audio", help="an audio file (default: a synthesized clip)")
    parser.add_argument("--plot", default="superflux_onsets.png", help="where to (default: %(default)s)")
    options = parser.parse_args()

    sig = options.audio or madmom.audio.signal.Signal(clip(), sample_rate=SAMPLE_RATE)
    signal = madmom.audio.signal.SignalProcessor(num_channels=1, sample_rate=SAMPLE_RATE)(sig)
    frames = madmom.audio.signal.FramedSignalProcessor(frame_size=2048, fps=FPS)
    superflux = madmom.audio.spectrogram.SuperFluxProcessor()
    diff = madmom.processors.SequentialProcessor([frames, superflux])(signal)
    activations = madmom.features.onsets.superflux(diff)

    picker = madmom.features.onsets.OnsetPeakPickingProcessor(
        threshold=1.1, pre_avg=0.1, post_avg=0.03, pre_max=0.03, post_max=0.03, combine=0.03, fps=FPS
    )
    onsets = picker(activations / activations.std())
    print("onsets [s]:", " ".join(f"{onset:.3f}" for onset in onsets))
    plot(diff, activations, onsets, options.plot)


def plot(diff: np.ndarray, activations: np.ndarray, onsets: np.ndarray, path: str) -> None:
    """Draw the logarithmic spectrogram, and the detection function with the onsets."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    spec = diff.spectrogram[-len(diff) :]  # type: ignore[attr-defined]
    t = np.arange(len(activations)) / FPS
    figure, (above, below) = pyplot.subplots(2, 1, figsize=(10, 6), sharex=True, layout="constrained")
    above.imshow(
        np.asarray(spec).T, origin="lower", aspect="auto", extent=(0, t[-1], 0, spec.shape[1]), cmap="magma"
    )
    marks = (200, 500, 1000, 2000, 5000, 10000)
    above.set_yticks([np.argmin(abs(spec.bin_frequencies - f)) + 0.5 for f in marks], marks)
    above.set(ylabel="frequency [Hz]", title="Logarithmic filtered spectrogram, 24 bands an octave")
    below.vlines(
        onsets,
        0,
        1.05 * activations.max(),
        colors="tab:red",
        linestyles="dotted",
        linewidth=1,
        label="onsets",
    )
    below.plot(t, activations, linewidth=1, label="SuperFlux")
    below.set(xlabel="time [s]", ylabel="sum of rises", title="SuperFlux and the onsets picked")
    below.legend(loc="upper right")
    figure.savefig(path, dpi=110)
    print(f"plot: {path}")


if __name__ == "__main__":
    main()
