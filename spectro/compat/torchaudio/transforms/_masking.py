"""`torchaudio.transforms.FrequencyMasking`, `TimeMasking` and `SpecAugment`.

What random numbers they draw, and how to seed them: compat/torch/_random.py.
"""

from __future__ import annotations

from ....arrays import kind_of
from ....spectrograms.masking import mask_runs
from ....typing import Array
from ...registry import mirrors
from .._module import Module
from ..functional import mask_along_axis, mask_along_axis_iid
from ..functional._arrays import answer, received
from ..functional._masking import draw_run, draw_runs

__all__ = ["FrequencyMasking", "SpecAugment", "TimeMasking"]


class _AxisMasking(Module):
    def __init__(self, mask_param: int, axis: int, iid_masks: bool, p: float = 1.0) -> None:
        super().__init__()
        self.mask_param = mask_param
        self.axis = axis
        self.iid_masks = iid_masks
        self.p = p

    def mask(self, specgram: Array, mask_value: float | Array) -> Array:
        axis = self.axis + received("specgram", specgram).data.ndim - 3
        if self.iid_masks:
            return mask_along_axis_iid(specgram, self.mask_param, mask_value, axis, self.p)
        value = mask_value if kind_of(mask_value) is None else float(mask_value)
        return mask_along_axis(specgram, self.mask_param, value, axis, self.p)


@mirrors("torchaudio.transforms.FrequencyMasking", tier=1)
class FrequencyMasking(_AxisMasking):
    """Mask a random run of bins: mirrors `torchaudio.transforms.FrequencyMasking`.

    Parameters
    ----------
    freq_mask_param : int
        The run is shorter than this.
    iid_masks : bool
        Whether each example and channel has a mask of its own.
    """

    def __init__(self, freq_mask_param: int, iid_masks: bool = False) -> None:
        super().__init__(freq_mask_param, 1, iid_masks)

    def forward(self, specgram: Array, mask_value: float | Array = 0.0) -> Array:
        """Return the spectrogram [..., F, N] with masked bins."""
        return self.mask(specgram, mask_value)


@mirrors("torchaudio.transforms.TimeMasking", tier=1)
class TimeMasking(_AxisMasking):
    """Mask a random run of frames: mirrors `torchaudio.transforms.TimeMasking`.

    Parameters
    ----------
    time_mask_param : int
        The run is shorter than this.
    iid_masks : bool
        Whether each example and channel has a mask of its own.
    p : float
        Largest part of the frames that may be masked.

    Raises
    ------
    ValueError
        For p outside 0 .. 1.
    """

    def __init__(self, time_mask_param: int, iid_masks: bool = False, p: float = 1.0) -> None:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"p must be between 0 and 1, got {p}")
        super().__init__(time_mask_param, 2, iid_masks, p)

    def forward(self, specgram: Array, mask_value: float | Array = 0.0) -> Array:
        """Return the spectrogram [..., F, N] with masked frames."""
        return self.mask(specgram, mask_value)


@mirrors("torchaudio.transforms.SpecAugment", tier=1)
class SpecAugment(Module):
    """Several masks over frames, then over bins: mirrors `torchaudio.transforms.SpecAugment`.

    Parameters
    ----------
    n_time_masks, time_mask_param, n_freq_masks, freq_mask_param : int
        How many masks, and what they are shorter than.
    iid_masks : bool
        Whether each example and channel has masks of its own, if there are any.
    p : float
        Largest part of an axis that one mask may cover.
    zero_masking : bool
        Mask with 0 instead of the spectrogram's mean.
    """

    def __init__(
        self,
        n_time_masks: int,
        time_mask_param: int,
        n_freq_masks: int,
        freq_mask_param: int,
        iid_masks: bool = True,
        p: float = 1.0,
        zero_masking: bool = False,
    ) -> None:
        super().__init__()
        self.n_time_masks = n_time_masks
        self.time_mask_param = time_mask_param
        self.n_freq_masks = n_freq_masks
        self.freq_mask_param = freq_mask_param
        self.iid_masks = iid_masks
        self.p = p
        self.zero_masking = zero_masking

    def forward(self, specgram: Array) -> Array:
        """Return the spectrogram [..., F, N] with masks."""
        first = received("specgram", specgram)
        x = first.data
        runs = []
        for axis, count, longest in (
            (x.ndim - 1, self.n_time_masks, self.time_mask_param),
            (x.ndim - 2, self.n_freq_masks, self.freq_mask_param),
        ):
            for _ in range(count):
                if x.ndim > 2 and self.iid_masks is True:
                    runs.append(draw_runs(x, specgram, longest, axis, self.p))
                else:
                    runs.append(draw_run(x, longest, axis, self.p))
        drawn = [run for run in runs if run is not None]
        if not drawn:
            return specgram
        value = 0.0 if self.zero_masking else None
        return answer(first, specgram, mask_runs(first.xp, x, drawn, value))
