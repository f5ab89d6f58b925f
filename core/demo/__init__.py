"""The demo company: thirteen months of an invented desk, the same each time but for the clock."""

from __future__ import annotations

from core.demo.filling import fill

__all__ = ["fill"]
