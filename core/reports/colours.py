"""Colours of bars on paper and in sheets: those of the badges on a light ground (a test holds them together)."""

from __future__ import annotations

LIGHT = {"received": "#66758a", "answered": "#1e7b3c", "missed": "#c02b2b", "resolved": "#1e7b3c", "abandoned": "#c02b2b",
         "short_abandoned": "#8a6d6d", "timeout": "#b4500b", "voicemail": "#6a4fb0", "busy": "#9a5b00", "out_of_hours": "#46556b"}
INK, QUIET, LINE, GROUND = "#1f2733", "#5b6472", "#d5dae1", "#f1f3f6"
BRAND = "#1f5fa8"
