"""angerona keeps what people tell in mental-health care: sealed, silent by default."""
