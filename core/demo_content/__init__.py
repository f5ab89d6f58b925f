"""Names and texts of the demo company: pure data, no database; all invented but what the quick guide prints."""

from __future__ import annotations

from core.demo_content.categories import CATEGORY_TREE, CATEGORY_WEIGHTS, DEFAULT_OWNERS
from core.demo_content.people import (
    CUSTOMERS,
    FIRST_NAMES,
    JOBS,
    LAST_NAMES,
    SIGN_IN_USERS,
    STAFF,
    DemoUser,
    RoleCode,
)
from core.demo_content.scenario import PRIORITY_SPREAD, Kind, PriorityCode, Scenario
from core.demo_content.scenarios import SCENARIOS
from core.demo_content.slots import StationFacts, slot_values

__all__ = [
    "CATEGORY_TREE",
    "CATEGORY_WEIGHTS",
    "CUSTOMERS",
    "DEFAULT_OWNERS",
    "FIRST_NAMES",
    "JOBS",
    "LAST_NAMES",
    "PRIORITY_SPREAD",
    "SCENARIOS",
    "SIGN_IN_USERS",
    "STAFF",
    "DemoUser",
    "Kind",
    "PriorityCode",
    "RoleCode",
    "Scenario",
    "StationFacts",
    "slot_values",
]
