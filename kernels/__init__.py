"""The kernel core: a folder a target (common, metal, cuda, cpu), importable as `spectro.kernels`."""
