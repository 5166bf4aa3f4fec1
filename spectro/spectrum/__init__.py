"""The short-time Fourier transform, its inverse, and what is read off a spectrum bin by bin."""
