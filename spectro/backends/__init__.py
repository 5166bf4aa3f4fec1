"""Backends: modules with the same two functions.

    stft(xp, plan, x[B, T], window[n_fft])                    -> z[B, N, F]
    istft(xp, plan, z[B, N, F], window[n_fft], start, length) -> x[B, length]

`choose` in dispatch.py decides which one serves a call.
"""
