"""The pieces of `bench.agi_decisions`: callers, peers, customers."""
