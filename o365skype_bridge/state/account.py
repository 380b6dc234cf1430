"""Root does the work on a state folder as the account that the folder belongs to.

Whatever lies there that account may have laid: a link, another name for somebody's file. As that
account we can do with it only what it could do itself, and what we leave is its own.
"""

from __future__ import annotations

import os

from o365skype_bridge.process import files

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Sequence

    from o365skype_bridge.settings.values import Settings

LOADED_LATER = (
    *("encodings.idna", "encodings.utf_8_sig", "hmac", "select", "xml.sax.saxutils"),
    *(
        f"o365skype_bridge.{name}"
        for name in (
            *("cli.backfill", "cli.commands", "connector.changing", "connector.formats"),
            *("connector.rewriting", "connector.translation", "engine.fleet", "engine.given"),
            *("engine.people", "engine.recount", "engine.refresh", "engine.views"),
            *("execd.refreshing", "graph.client", "model.period", "outputs.influx"),
            *("outputs.push", "outputs.sender", "process.deadline", "process.detach"),
            *("process.publishing",),
        )
    ),
)
"""What is loaded only when it is needed; the account may not be able to, then."""

LOADED_IF_THERE = "zabbix_utils"


def become_owner(settings: Settings, *, for_good: bool = True) -> None:
    """Become the owner of the state folder, or of the folder it is to be made in.

    That is for root only; files that only root may read are read before. Where it is not
    ``for_good``, `Regained` gives root's rights back for a while, and a later call may make
    another owner of us. Where root may not become anybody it stays root, who trusts nothing
    that is not its own.
    """
    if 0 not in os.getresuid():
        return
    os.seteuid(0)
    owner = _owner(settings.state_dir)
    if not owner.st_uid and not os.getuid():
        return
    _hold(settings)
    try:
        _become(owner)
    except OSError:
        os.seteuid(0)
        return
    modules = (os.__file__, files.__file__)
    if not all(os.access(path, os.R_OK, effective_ids=True) for path in modules):
        with Regained():
            _load()
    if for_good:
        settle()


class Regained:
    """A context in which we have root's rights, if we have not become somebody else for good."""

    def __enter__(self) -> None:
        """Take them."""
        self._user = os.geteuid()
        if 0 in os.getresuid():
            os.seteuid(0)

    def __exit__(self, *_: object) -> None:
        """Give them back."""
        os.seteuid(self._user)


def settle() -> None:
    """Be for good who we have become."""
    user = os.geteuid()
    os.setresuid(user, user, user)


def _hold(settings: Settings) -> None:
    """Read what settings name while root may read it."""
    files.release()
    for tenant in settings.tenants:
        for path in tenant.files:
            if path and not os.path.isdir(path):
                files.hold(path, files.LARGE if path == tenant.groups else files.MIDDLING)


def _owner(path: str) -> os.stat_result:
    """Give the status of a folder, or of the nearest one above it that there is."""
    while True:
        try:
            return os.stat(path)
        except OSError:
            path = os.path.dirname(path)


def _become(owner: os.stat_result) -> None:
    """Become a user, with the groups that belong to it. Raises `OSError`."""
    group, groups = _groups(owner)
    os.setgroups(groups)
    os.setresgid(group, group, group)
    os.setresuid(owner.st_uid, owner.st_uid, 0)


def _groups(owner: os.stat_result) -> tuple[int, Sequence[int]]:
    """Give a user's group and groups; of a user without a name the folder's group alone."""
    import pwd  # noqa: PLC0415 for root only

    try:
        user = pwd.getpwuid(owner.st_uid)
    except KeyError:
        return owner.st_gid, [owner.st_gid]
    return user.pw_gid, os.getgrouplist(user.pw_name, user.pw_gid)


def _load() -> None:
    """Load everything now, and read the authorities that come with the HTTP library."""
    import importlib  # noqa: PLC0415 where the account cannot read our modules

    for name in LOADED_LATER:
        importlib.import_module(name)
    try:
        importlib.import_module(LOADED_IF_THERE)
    except ImportError:
        pass
    files.hold(importlib.import_module("requests.utils").DEFAULT_CA_BUNDLE_PATH, files.MIDDLING)
