"""Parts of `bench.screen_pop_latency`: the company, the product's process, those who watch."""
