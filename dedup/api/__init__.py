"""The Python API: what `dedup.clean`, `dedup.find` and `dedup.learn` are."""
