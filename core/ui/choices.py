"""What forms and filters of tickets choose from, read once a run."""

from __future__ import annotations

from dataclasses import dataclass

from core.accounts.queries import owners
from core.directory import queries as directory
from core.directory.queries import CategoryFacts
from core.ui import session


@dataclass(frozen=True, slots=True)
class Choices:
    """Categories and possible owners by id, in the order in which they are offered."""

    categories: dict[int, CategoryFacts]
    owners: dict[int, str]

    @property
    def paths(self) -> dict[int, str]:
        """What people read of each category: `Administración - Cobranza`."""
        return {number: each.path for number, each in self.categories.items()}


def read() -> Choices:
    """The present choices; for staff only."""
    with session.reading() as work:
        categories, people = directory.categories(work), owners(work)
    return Choices({each.id: each for each in categories}, {person.id: person.name for person in people})
