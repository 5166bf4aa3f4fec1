"""Filters over frequency, as matrices, and their product with spectra."""
