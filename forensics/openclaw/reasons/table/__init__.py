"""One file per provider, and a few for what any of them (or none) can say. Each has ROWS, the specific first."""
