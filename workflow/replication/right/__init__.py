"""The published quantities by the right methods, from the tidy tables."""

from replication.inputs import Method
from replication.right import countries, meta, providers, series

METHODS: list[Method] = [*series.METHODS, *countries.METHODS, *providers.METHODS, *meta.METHODS]
