"""`mx.compile`: whether it traces, entry points that are compiled, and their cache."""
