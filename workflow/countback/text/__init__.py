"""Numbers, units and tables as readers see them."""
