"""Telephone calls: how they are counted, kept and found."""
