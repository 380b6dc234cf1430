"""What is known of a tenant beside its reports, as of today."""

import random
from dataclasses import dataclass
from datetime import date

from o365skype_bridge.simulator.records import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """A tenant and its day; the ends of its credentials are counted in days from that."""

    tenant: Tenant
    today: date
    seed: int
    oddities: frozenset[str]
    page_size: int
    secret_days: int
    certificate_days: int | None

    def draw(self, about: object) -> random.Random:
        """Chance that is the same for the same tenant and subject."""
        return random.Random(f"{self.seed}/{about}")  # noqa: S311 - test data, not a secret
