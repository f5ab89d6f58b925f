"""Versions, oldest first by their dated names."""
