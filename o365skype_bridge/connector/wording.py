"""What we say of settings, in the options of this command line."""

from __future__ import annotations

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Sequence

FLAGS = {
    "O365_CLIENT_SECRET_FILE": "--client-secret-file",
    "O365_CLIENT_SECRET": "--client-secret",
    "O365_CLIENT_ID": "--client-id",
    "O365_TENANT_ID": "--tenant",
    "O365_LOGIN_ENDPOINT": "--login-endpoint",
    "O365_GRAPH_ENDPOINT": "--graph-endpoint",
    "O365_CA_FILE": "--ca-file",
    "O365_CONFIG": "--config",
    "O365_PROXY": "--proxyurl",
    "--tenant-id": "--tenant",
    "--per-user": "--filter-counters=",
}
"""Our settings and flags, longer names before what they begin with."""

CALLED = {"tenant": "tenant_id", "statefile-dir": "state_dir", "proxyurl": "proxy"}
"""What the settings are called that have another name than their option."""

LEAVE = "Leave out "


class Wording:
    """Says things in the options of one command line."""

    def __init__(self, words: Sequence[str]) -> None:
        """Look which options are given."""
        given = (word[2:].partition("=")[0] for word in words if word.startswith("--"))
        self._given = {CALLED.get(name, name.replace("-", "_")): f"--{name}" for name in given}

    def __call__(self, text: str) -> str:
        """Call settings by their options, and one that is given by its name as it stands there."""
        for name, flag in FLAGS.items():
            text = text.replace(name, flag)
        for key, flag in self._given.items():
            for begin in (key, key.replace("_", " ")):
                if text.startswith(f"{begin} "):
                    return f"{flag}{text[len(begin) :]}"
        before, found, after = text.partition(LEAVE)
        for name in (after.partition(mark)[0] for mark in ":," if mark in after):
            if found and name.replace("-", "a").isalpha():
                return f"{before}Take this service out of monitoring{after[len(name) :]}"
        return text
