"""Parsers of the source files, one module per publisher and kind of document."""
