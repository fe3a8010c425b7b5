"""Parts of `python -m bench.wallboard`: the centre, its calls, those who watch."""
