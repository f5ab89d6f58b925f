"""All routes of the house, mounted by app.py beside Streamlit's own."""

from __future__ import annotations

from core.http import auth, cti, files, health, preferences, scripts, survey

ROUTES = [*auth.ROUTES, *cti.ROUTES, *files.ROUTES, *health.ROUTES, *preferences.ROUTES, *scripts.ROUTES, *survey.ROUTES]
