"""A demonstration on music that it synthesises itself: ``spectro demo`` or ``python -m spectro.demo``.

clip.py      the music
features.py  what is extracted; a new feature joins with one entry of the list there
show.py      computes, times, checks against the goldens and writes the files
"""
