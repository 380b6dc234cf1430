"""Ask Graph now, and write down what was exchanged in a form that can be mailed."""

from __future__ import annotations

import json
import platform
import re
import tempfile
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from o365skype_bridge import __version__
from o365skype_bridge.engine.answer import Ask
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.graph import taping
from o365skype_bridge.graph.client import Way
from o365skype_bridge.graph.taping import Exchange, Recorder
from o365skype_bridge.support import document, replay, secrets
from o365skype_bridge.support.exchanges import Shown
from o365skype_bridge.support.run import collected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from o365skype_bridge.graph.http import Http
    from o365skype_bridge.graph.wire import Deadline
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import Collection
    from o365skype_bridge.settings.values import Settings, Tenant


class Taped(Way):
    """The network, with a tape."""

    def __init__(self, tape: list[Exchange], sleep: Callable[[float], None]) -> None:
        """Take the tape, and what waits."""
        self._tape = tape
        self._sleep = sleep

    def http(self, tenant: Tenant, deadline: Deadline) -> Http:
        """Give what sends requests. Raises `BridgeError`."""
        try:
            return Recorder(tenant, deadline, self._tape, self.clock)
        except BridgeError as error:
            opening = Exchange(tenant, taping.OPENING, "", "")
            opening.failure = error
            self._tape.append(opening)
            raise

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._sleep(seconds)


class Captured:
    """What was exchanged just now; ``collection`` is how every report went."""

    def __init__(
        self,
        settings: Settings,
        reports: Sequence[Report],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Ask Graph now for all reports; nothing of it is kept."""
        self._settings = settings
        self._ask = Ask(reports=tuple(reports))
        self._tape: list[Exchange] = []
        self._clock = time.time()
        with tempfile.TemporaryDirectory(prefix="o365skype-bridge-") as folder:
            self.collection: Collection = collected(
                settings.replace(state_dir=folder),
                self._ask,
                lambda _: Taped(self._tape, sleep),
                time.time,
            )

    def close(self) -> None:
        """Forget what was exchanged."""
        for one in self._tape:
            one.close()

    def text(self, catalogue: Iterable[Report]) -> str:
        """Write the bundle. Raises `BridgeError` rather than show what nobody may see."""
        shown = Shown(self._settings.tenants, catalogue)
        exchanges = shown.of(self._tape)
        written: dict[str, Any] = {
            "bundle": document.KIND,
            "schema": document.SCHEMA,
            "version": __version__,
            "python": platform.python_version(),
            "platform": f"{platform.system()} {platform.machine()}",
            "captured": f"{datetime.fromtimestamp(self._clock, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "clock": self._clock,
            "reports": [report.name for report in self._ask.reports],
            "settings": {
                "refresh_interval": self._settings.refresh_interval,
                "max_age": self._settings.max_age,
                "deadline": self._settings.deadline,
            },
            "tenants": [self._tenant(tenant, shown) for tenant in self._settings.tenants],
            "outcomes": [],
            "exchanges": exchanges,
        }
        again = replay.answer(document.parsed(written), self._ask)
        written["outcomes"] = [
            {**document.outcome(replayed), "in_reality": real.outcome.kind}
            for real, replayed in zip(self.collection.results, again.results, strict=True)
        ]
        text = json.dumps(written, indent=1) + "\n"
        every = {one for tenant in self._settings.tenants for one in secrets.of_tenant(tenant)}
        names = shown.names.replaced | secrets.of_host()
        if secrets.is_told(text, every | shown.tokens) or secrets.are_named(
            [exchanges, written["outcomes"]], names, shown.names.stand_ins
        ):
            raise BridgeError(
                "the bundle would show a name or a secret, so it is not written",
                "This is a defect of o365skype-bridge: open an issue, please.",
            )
        return text

    def _tenant(self, tenant: Tenant, shown: Shown) -> dict[str, Any]:
        places = shown.places[tenant.name]
        scheme = re.match(r"(https?|socks[45][ah]?)://", tenant.proxy)
        return {
            "name": shown.tenants[tenant.name],
            "tenant_id": shown.names.of(tenant.tenant_id),
            "client_id": shown.names.of(tenant.client_id),
            "auth": tenant.credential.way,
            "credential": any(one.tenant is tenant for one in self._tape),
            "login_endpoint": places.login,
            "graph_endpoint": places.graph,
            "download_hosts": [places.host(host) for host in tenant.download_hosts],
            "secret_expires": tenant.secret_expires or tenant.credential.ends(),
            "proxy": (scheme[1] if scheme else "http") if tenant.proxy else "",
            "ca_file": bool(tenant.ca_file),
        }
