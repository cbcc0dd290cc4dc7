"""What the stores share: bytes to JSON, JSON to rows, and never a token in either."""
