"""All tables of the house in one place, for migrations and tests."""

from __future__ import annotations

from importlib import import_module

MODEL_MODULES = ("core.audit", "core.rollups", "core.accounts.models", "core.directory.models",
                 "core.calls.models", "core.knowledge.models", "core.tickets.models", "core.tickets.rules.models",
                 "core.notifications.models", "core.subscriptions.models")


def import_models() -> None:
    """Register every table on `core.db.Base.metadata`."""
    for name in MODEL_MODULES:
        import_module(name)
