"""Figures of features over time. matplotlib is imported when one is drawn; only its object API is used."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from .console import need

__all__ = ["Panel", "draw"]

MAX_COLUMNS = 1600
_TICKS_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)


@dataclass(frozen=True)
class Panel:
    """One picture [K, N]: rows over time.

    `hz` [K] are the rows' frequencies. `rows` says how they stand: "log" at their frequency
    on a logarithmic axis, "bands" at equal distances (mel bands, semitones), labelled in Hz,
    and "index" at equal distances, numbered from `first_row`. With `diverging` the colours
    are centred on 0.
    """

    title: str
    values: np.ndarray
    colorbar: str
    rows: Literal["log", "bands", "index"] = "index"
    hz: np.ndarray | None = None
    first_row: int = 0
    diverging: bool = False


def draw(title: str, panels: Sequence[Panel], times: np.ndarray, audio: np.ndarray, rate: int) -> bytes:
    """Draw the waveform [T] and `panels` under each other with one time axis; return a PNG."""
    need("matplotlib", "drawing")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [0.55] + [1.0] * len(panels)
    figure = Figure(figsize=(11, 0.8 + 2.6 * sum(heights)), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    figure.suptitle(title)
    _waveform(axes[0], audio, rate)
    for axis, panel in zip(axes[1:], panels, strict=True):
        image = _picture(axis, panel, times)
        bar = figure.colorbar(
            image, ax=axis, pad=0.01, aspect=15, extend="both" if panel.diverging else "neither"
        )
        bar.set_label(panel.colorbar)
    axes[-1].set_xlabel("Time (s)")
    axes[-1].set_xlim(0, max(audio.size / rate, times[-1], 1e-3))
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()


def _waveform(axis: Any, audio: np.ndarray, rate: int) -> None:
    # The envelope of each column of pixels, or the samples themselves where they are few.
    step = max(1, audio.size // MAX_COLUMNS)
    starts = np.arange(0, audio.size, step)
    low, high = np.minimum.reduceat(audio, starts), np.maximum.reduceat(audio, starts)
    axis.fill_between(starts / rate, low, high, color="#3b528b", linewidth=0.6, edgecolor="#3b528b")
    peak = max(float(np.abs(audio).max()), 1e-6) * 1.05
    axis.set(ylabel="Amplitude", ylim=(-peak, peak))
    axis.set_title("Waveform", loc="left", fontsize="medium")


def _picture(axis: Any, panel: Panel, times: np.ndarray) -> Any:
    values, seconds = _thin(panel.values, _edges(times))
    colours: dict[str, Any] = {"cmap": "magma", "vmin": values.min(), "vmax": values.max()}
    if panel.diverging:
        # A few strong rows (the first cepstral coefficients) may leave the scale, so that the rest shows.
        reach = float(np.percentile(np.abs(values), 95)) or 1.0
        colours = {"cmap": "RdBu_r", "vmin": -reach, "vmax": reach}
    if panel.rows == "log" and panel.hz is not None and panel.hz.size > 8:
        # Below the third bin a row is wider than its distance to 0 Hz: nothing to see there.
        rows, bottom = _edges(panel.hz[2:]), max(30.0, panel.hz[2])
        image = axis.pcolormesh(seconds, rows, values[2:], rasterized=True, **colours)
        axis.set_yscale("log")
        axis.set_ylim(bottom, rows[-1])
        _label_hz(axis, _TICKS_HZ, np.array(_TICKS_HZ), (bottom, rows[-1]), np.log)
    else:
        rows = np.arange(len(values) + 1) + panel.first_row - 0.5
        image = axis.pcolormesh(seconds, rows, values, rasterized=True, **colours)
        if panel.hz is not None:
            inside = [hz for hz in _TICKS_HZ if panel.hz[0] <= hz <= panel.hz[-1]]
            places = np.interp(inside, panel.hz, np.arange(len(values)) + panel.first_row)
            _label_hz(axis, inside, places, (rows[0], rows[-1]), np.asarray)
        else:
            axis.set_ylabel("Coefficient")
            axis.yaxis.get_major_locator().set_params(integer=True)
    axis.set_title(panel.title, loc="left", fontsize="medium")
    return image


def _label_hz(
    axis: Any, hz: Sequence[int], places: np.ndarray, ends: tuple[float, float], scale: Any
) -> None:
    """Label an axis from `ends` at `places` in Hz, high frequencies first, leaving out what would crowd."""
    height = np.ptp(scale(np.array(ends)))
    kept: list[int] = []
    for i in reversed(range(len(hz))):
        gap = scale(places[kept[-1]]) - scale(places[i]) if kept else height
        if ends[0] <= places[i] <= ends[1] and gap >= 0.08 * height:
            kept.append(i)
    axis.set_yticks([places[i] for i in kept])
    axis.set_yticklabels([f"{hz[i] // 1000}k" if hz[i] >= 1000 else str(hz[i]) for i in kept])
    axis.minorticks_off()
    axis.set_ylabel("Frequency (Hz)")


def _edges(centres: np.ndarray) -> np.ndarray:
    """Return the borders [K + 1] of cells whose centres [K] are given."""
    if centres.size == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middle = (centres[:-1] + centres[1:]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def _thin(values: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep the largest of each run of frames, so that there are not many more columns than pixels."""
    step = -(-values.shape[1] // MAX_COLUMNS)
    starts = np.arange(0, values.shape[1], step)
    # Largest by magnitude, so that negative coefficients survive too.
    high = np.maximum.reduceat(values, starts, axis=1)
    if values.min() < 0 < values.max() and step > 1:
        low = np.minimum.reduceat(values, starts, axis=1)
        high = np.where(-low > high, low, high)
    return high, np.append(edges[starts], edges[-1])
