"""What the rules cost, measured beside two other policy engines (docs/BENCH.md)."""
