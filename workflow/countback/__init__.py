"""The compendium's Python library: periods, units, tables, display, and the look of everything drawn."""
