"""The published quantities by the right methods, from the tidy tables."""

from replication.inputs import Method
from replication.right import contents, countries, meta, providers, series, tiktok

METHODS: list[Method] = [
    *series.METHODS,
    *contents.METHODS,
    *countries.METHODS,
    *providers.METHODS,
    *meta.METHODS,
    *tiktok.METHODS,
]
