"""GPU kernels: one source for Metal and CUDA, loaded, specialised, tuned and called."""
