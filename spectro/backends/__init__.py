"""Backends: modules with the same two functions.

    stft(xp, plan, x[B, T], window[n_fft], layout)        -> z
    istft(xp, plan, z, window[n_fft], start, length, layout) -> x[B, length]

with z [B, F, N] in layout "bfn" and [B, N, F] in layout "bnf".
`choose` in dispatch.py decides which one serves a call.
"""
