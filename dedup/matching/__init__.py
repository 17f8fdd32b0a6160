"""Copies across documents: signatures to candidates, verified pairs, families, clusters."""
