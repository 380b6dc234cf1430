"""What is asked of a Zabbix through its API, as an administrator's clicks would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import requests

from zabbix.programs import PATIENCE

FLAGS = {"createMissing": True, "updateExisting": True, "deleteMissing": True}
EVERYTHING = {
    **dict.fromkeys(("templates", "template_groups", "host_groups", "groups"), (0, 1)),
    **dict.fromkeys(
        ("items", "discoveryRules", "triggers", "graphs", "valueMaps", "templateDashboards"),
        (0, 1, 2),
    ),
    "templateLinkage": (0, 2),
}
"""What an import may do, as positions in `FLAGS`: all that its dialog offers."""


EXTERNAL = "10"
"""The type of an item that is an external check."""


class RefusedError(AssertionError):
    """An answer of the API that says no."""


class Api:
    """A session of the administrator that every new Zabbix has."""

    def __init__(self, url: str, series: str) -> None:
        """Log in."""
        self.url, self.series = url, series
        self._token = ""
        self._token = self.call("user.login", username="Admin", password="zabbix")

    def call(self, method: str, *values: Any, **named: Any) -> Any:
        """Call a method with a list of values, or with named ones."""
        body = {"jsonrpc": "2.0", "method": method, "params": list(values) or named, "id": 1}
        headers = {"Content-Type": "application/json-rpc"}
        if self._token and self.series == "6.0":
            body["auth"] = self._token
        elif self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        answer = requests.post(
            f"{self.url}/api_jsonrpc.php", json=body, headers=headers, timeout=PATIENCE
        )
        try:
            content = answer.json()
        except ValueError:
            raise RefusedError(
                f"{method}: status {answer.status_code}: {answer.text[:500]}"
            ) from None
        if "error" in content:
            raise RefusedError(f"{method}: {content['error'].get('data')}")
        return content["result"]

    # templates

    def load(self, text: str) -> None:
        """Import a template."""
        self.call("configuration.import", format="yaml", rules=self._rules(), source=text)

    def compare(self, text: str) -> Any:
        """Say what an import would change."""
        return self.call(
            "configuration.importcompare", format="yaml", rules=self._rules(), source=text
        )

    def export(self, names: list[str]) -> Any:
        """Give templates as the server has them, without the date of the export."""
        found = self.call("template.get", filter={"host": names}, output=["templateid"])
        ids = [one["templateid"] for one in found]
        text = self.call("configuration.export", options={"templates": ids}, format="json")
        content = json.loads(text)["zabbix_export"]
        return {key: value for key, value in content.items() if key != "date"}

    def _rules(self) -> dict[str, dict[str, bool]]:
        unknown = ("template_groups", "host_groups") if self.series == "6.0" else ("groups",)
        flags = list(FLAGS)
        return {
            name: {flags[number]: True for number in numbers}
            for name, numbers in EVERYTHING.items()
            if name not in unknown
        }

    # hosts

    def add_host(
        self, name: str, templates: str | list[str], macros: Mapping[str, str], port: int = 1
    ) -> str:
        """Create a host with templates; the port is that of its agent. Give its id."""
        found = self.call("template.get", filter={"host": templates}, output=["templateid"])
        created = self.call(
            "host.create",
            host=name,
            groups=[{"groupid": self._group()}],
            templates=found,
            macros=[{"macro": macro, "value": value} for macro, value in macros.items()],
            interfaces=[
                {"type": 1, "main": 1, "useip": 1, "ip": "127.0.0.1", "dns": "", "port": str(port)}
            ],
        )
        host: str = created["hostids"][0]
        return host

    def hosts(self, prefix: str) -> list[dict[str, Any]]:
        """Give the hosts whose technical name begins with a text."""
        found: list[dict[str, Any]] = self.call(
            "host.get",
            search={"host": prefix},
            startSearch=True,
            output=["hostid", "host", "name", "status"],
            selectTags=["tag", "value"],
        )
        return found

    def _group(self) -> str:
        found = self.call("hostgroup.get", filter={"name": "Tests"}, output=["groupid"])
        group: str = (
            found[0]["groupid"]
            if found
            else self.call("hostgroup.create", name="Tests")["groupids"][0]
        )
        return group

    def items(self, host: str) -> dict[str, dict[str, Any]]:
        """Give the enabled items of a host by key."""
        found = self.call(
            "item.get",
            hostids=host,
            output="extend",
            selectPreprocessing=["type", "params"],
            filter={"status": 0},
        )
        return {item["key_"]: item for item in found}

    def rules(self, host: str) -> dict[str, dict[str, str]]:
        """Give the discovery rules of a host by key."""
        found = self.call("discoveryrule.get", hostids=host, output="extend")
        return {rule["key_"]: rule for rule in found}

    def unsupported(self, host: str) -> dict[str, str]:
        """Give the errors of items and discovery rules by key."""
        everything = {**self.items(host), **self.rules(host)}
        return {key: one["error"] for key, one in everything.items() if one["state"] != "0"}

    def values(self, host: str) -> dict[str, str]:
        """Give the last values of a host's items by key, of those that have one."""
        return {
            key: item["lastvalue"]
            for key, item in self.items(host).items()
            if item["lastclock"] != "0"
        }

    def poll(self, host: str) -> None:
        """Have the master item polled now, as the button "Execute now" does."""
        masters = [item["itemid"] for item in self.items(host).values() if item["type"] == EXTERNAL]
        tasks = [{"type": 6, "request": {"itemid": one}} for one in masters]
        with suppress(RefusedError):  # the server does not know the item yet
            self.call("task.create", *tasks)

    def history(self, host: str, key: str) -> list[tuple[int, str]]:
        """Give the times and values that are stored of an item, oldest first."""
        item = self.items(host)[key]
        found = self.call(
            "history.get",
            itemids=item["itemid"],
            history=int(item["value_type"]),
            output="extend",
            sortfield="clock",
        )
        found.sort(key=lambda one: (int(one["clock"]), int(one["ns"])))
        return [(int(one["clock"]), one["value"]) for one in found]

    def problems(self, *hosts: str) -> list[str]:
        """Give the names of the problems that hosts have now, in order."""
        found = self.call("problem.get", hostids=list(hosts), output=["name"])
        return sorted(one["name"] for one in found)

    def said(self, host: str) -> list[dict[str, Any]]:
        """Give all that a server says of the problems that a host has now."""
        found: list[dict[str, Any]] = self.call(
            "problem.get", hostids=host, output=["name", "opdata", "objectid"], selectTags="extend"
        )
        for one in found:
            [trigger] = self.call("trigger.get", triggerids=one["objectid"], output=["url"])
            one["url"] = trigger["url"]
            one["tags"] = {tag["tag"]: tag["value"] for tag in one["tags"]}
        return found

    def begun(self, host: str) -> list[str]:
        """Give the names of all problems that a host has ever had, oldest first."""
        found = self.call(
            "event.get", hostids=host, source=0, value=1, output=["name"], sortfield="eventid"
        )
        return [one["name"] for one in found]

    # proxies

    def add_proxy(self, name: str, **more: str) -> str:
        """Add a proxy that comes to the server by itself; give its id."""
        old = self.series == "6.0"
        own = {"host": name, "status": "5"} if old else {"name": name, "operating_mode": "0"}
        added: str = self.call("proxy.create", **own, **more)["proxyids"][0]
        return added

    def monitor(self, host: str, proxy: str) -> None:
        """Have a proxy monitor a host."""
        old = self.series == "6.0"
        by = {"proxy_hostid": proxy} if old else {"monitored_by": "1", "proxyid": proxy}
        self.call("host.update", hostid=host, **by)
