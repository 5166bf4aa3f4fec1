"""Spectra through filterbanks and scales: mel, cepstra, Kaldi features, and what is done to the results."""
