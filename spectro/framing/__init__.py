"""From samples to frames: padding, windows, where frames begin, and their overlapped sum."""
