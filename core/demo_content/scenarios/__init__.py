"""What people ask and report, by category; one file per branch of the category tree."""

from __future__ import annotations

from core.demo_content.scenario import Scenario
from core.demo_content.scenarios import (
    accounts,
    billing,
    computers,
    contracts,
    dispensers,
    invoicing,
    networks,
    point_of_sale,
    volumetric,
)

SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    **billing.SCENARIOS,
    **contracts.SCENARIOS,
    **dispensers.SCENARIOS,
    **point_of_sale.SCENARIOS,
    **volumetric.SCENARIOS,
    **invoicing.SCENARIOS,
    **networks.SCENARIOS,
    **computers.SCENARIOS,
    **accounts.SCENARIOS,
}
"""Category path (`Administración - Cobranza`) -> its cases."""
