"""Filterbanks with corners on bins, against filters drawn by hand and one bin at a time."""

from __future__ import annotations

import numpy as np
import pytest

import spectro
from spectro.filterbanks.bins import bin_frequencies, triangles_on_bins


def nearest(frequencies: np.ndarray, grid: np.ndarray) -> list[int]:
    """Return the nearest bin of each frequency by looking at all of them."""
    return [int(np.argmin(np.abs(grid - f))) for f in frequencies]


def triangle(start: int, centre: int, stop: int, bins: int) -> np.ndarray:
    """Return the straight lines through (start, 0), (centre, 1) and (stop, 0)."""
    if stop - start < 2:
        return np.eye(bins)[start]
    return np.interp(np.arange(bins), [start, centre, stop], [0.0, 1.0, 0.0])


def test_triangles_are_straight_lines() -> None:
    corners = [2, 3, 4, 7, 12, 12, 13, 20]
    bank = triangles_on_bins(np.array(corners), 24, normalize=False)
    for band, (start, centre, stop) in enumerate(zip(corners, corners[1:], corners[2:], strict=False)):
        if start < centre < stop or stop - start < 2:
            np.testing.assert_allclose(bank[:, band], triangle(start, centre, stop, 24), atol=1e-15)
    np.testing.assert_allclose(
        bank[:, 3], np.interp(np.arange(24), [7, 12, 12.001], [0, 1, 0]) * (np.arange(24) < 12)
    )
    np.testing.assert_allclose(triangles_on_bins(np.array(corners), 24).sum(axis=0), 1.0, rtol=1e-15)


@pytest.mark.parametrize("unique", [True, False])
@pytest.mark.parametrize("nyquist", [True, False])
def test_log_filters_stand_on_the_notes_of_equal_temperament(unique: bool, nyquist: bool) -> None:
    bins = 1025 if nyquist else 1024
    grid = np.arange(bins) * 44100 / 2048
    notes = [440.0 * 2 ** (n / 12) for n in range(-60, 80) if 30 <= 440.0 * 2 ** (n / 12) <= 17000]
    corners = nearest(np.array(notes), grid)
    corners = sorted(set(corners)) if unique else corners
    got = spectro.log_triangular_fbanks(
        bins,
        44100,
        12,
        f_min=30,
        f_max=17000,
        unique_bins=unique,
        include_nyquist=nyquist,
        norm_filters=False,
    )
    truth = [triangle(*corners[i : i + 3], bins) for i in range(len(corners) - 2)]
    np.testing.assert_allclose(got, np.stack(truth, axis=1), atol=1e-7)


def test_log_filters_from_the_lowest_frequency() -> None:
    # Octaves of 50 Hz on bins of 10 Hz: the corners are bins 5, 10, 20, 40, and 80 beyond f_max.
    bank = spectro.log_triangular_fbanks(200, 4000, 1, f_min=50, f_max=400, f_ref=None, norm_filters=False)
    truth = [triangle(*c, 200) for c in ((5, 10, 20), (10, 20, 40), (20, 40, 80))]
    np.testing.assert_allclose(bank, np.stack(truth, axis=1), atol=1e-7)
    assert spectro.log_frequencies(12, 30.0, 17000.0, None).shape == (112,)


def test_frequencies_between_two_bins_go_to_the_upper() -> None:
    grid = np.arange(10) * 10.0
    wanted = np.array([-5.0, 4.0, 5.0, 16.0, 14.0, 200.0])
    assert spectro.frequencies_to_bins(wanted, grid, unique_bins=False).tolist() == [0, 0, 1, 2, 1, 9]
    assert spectro.frequencies_to_bins(wanted, grid).tolist() == [0, 1, 2, 9]
    assert bin_frequencies(4, 8000).tolist() == [0, 1000, 2000, 3000]
    assert bin_frequencies(5, 8000, include_nyquist=True).tolist() == [0, 1000, 2000, 3000, 4000]


def test_mel_filters_on_bins() -> None:
    grid = np.arange(1024) * 44100 / 2048
    mel = np.linspace(np.log(1 + 20 / 700), np.log(1 + 17000 / 700), 42)
    corners = nearest(700 * (np.exp(mel) - 1), grid)
    truth = np.stack([triangle(*corners[i : i + 3], 1024) for i in range(40)], axis=1)
    got = np.array(spectro.mel_triangular_fbanks(1024, 44100))
    np.testing.assert_allclose(got, truth / truth.sum(axis=0), atol=1e-7)


def test_rectangles_share_out_the_bins() -> None:
    bark = np.array(spectro.bark_rectangular_fbanks(1024, 44100, norm_filters=False))
    assert bark.shape == (1024, 24)
    used = bark.sum(axis=1)
    assert used[1:720].tolist() == [1.0] * 719  # 20 Hz is bin 1, 15500 Hz bin 720
    assert used.sum() == 719
    double = spectro.bark_rectangular_fbanks(1024, 44100, "double", f_min=100, f_max=2000)
    np.testing.assert_allclose(np.array(double).sum(axis=0), 1.0, rtol=1e-6)
    split = np.array(
        spectro.rectangular_fbanks(100, 2000, [200, 500], f_min=50, f_max=900, norm_filters=False)
    )
    truth = [(np.arange(100) >= a) & (np.arange(100) < b) for a, b in ((5, 20), (20, 50), (50, 90))]
    np.testing.assert_array_equal(split, np.stack(truth, axis=1))
    merged = np.array(spectro.rectangular_fbanks(100, 2000, [51, 500], f_min=50, f_max=900))
    assert merged.sum(axis=0).tolist() == pytest.approx([1.0, 1.0, 0.0])


def test_librosa_mel_filters_have_equal_area_up_to_nyquist() -> None:
    bank = np.array(spectro.librosa_mel_fbanks(16000, 8192, 40))
    np.testing.assert_allclose(bank.sum(axis=0) * (16000 / 8192), 1.0, rtol=2e-2)
    assert np.flatnonzero(bank[:, -1])[-1] == 4095
    peak = np.array(spectro.librosa_mel_fbanks(16000, 8192, 40, norm=None, mel_scale="htk", f_max=4000.0))
    assert np.flatnonzero(peak[:, -1])[-1] == 2047
    assert peak.max() == pytest.approx(1.0, abs=0.02)


def test_wrong_values_are_refused() -> None:
    log = spectro.log_triangular_fbanks
    for call, name in (
        (lambda: log(1024, 44100, 12, f_min=30, f_max=20), "f_max"),
        (lambda: log(1024, 44100, 12, f_min=0, f_max=20), "f_min"),
        (lambda: log(1024, 44100, 0, f_min=30, f_max=2000), "bands_per_octave"),
        (lambda: log(1, 44100, 12, f_min=30, f_max=2000), "n_freqs"),
        (lambda: log(1024, 0, 12, f_min=30, f_max=2000), "sample_rate"),
        (lambda: log(8, 44100, 12, f_min=30, f_max=40), "too few"),
        (lambda: spectro.bark_rectangular_fbanks(1024, 44100, "triple"), "n_bands"),
        (lambda: spectro.bark_rectangular_fbanks(32, 44100, unique_bins=False), "corner"),
        (lambda: spectro.rectangular_fbanks(64, 44100, [500, 200]), "crossover"),
    ):
        with pytest.raises(spectro.ParameterError, match=name):
            call()
