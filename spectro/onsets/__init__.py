"""Time: onset detection functions, onset strength, tempo and beats."""
