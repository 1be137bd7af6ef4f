"""The published quantities by the right methods, from the tidy tables."""
