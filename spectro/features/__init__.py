"""A few numbers a frame: descriptors of its spectrum, chroma, pitch, energy, periodicity."""
