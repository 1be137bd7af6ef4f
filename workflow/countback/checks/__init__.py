"""Checks of everything in `data/`, before anything is computed from it."""
