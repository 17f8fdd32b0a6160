"""Engines carry documents through the stages; the stages know nothing of each other."""
