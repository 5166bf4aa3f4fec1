"""Audio to audio, and audio from nothing: resampling, filters, convolution, companding, test signals."""
