"""The options of Telegraf's configuration."""

from __future__ import annotations

from o365skype_bridge.generate.base import COMMAND
from o365skype_bridge.model.options import Option

OPTIONS = (
    Option(
        flag="--mode",
        metavar="MODE",
        choices=("exec", "execd"),
        default="exec",
        help="Start a process for each collection, or one that stays.",
    ),
    Option(
        flag="--telegraf-version",
        metavar="VERSION",
        default="1.39.3",
        help="Telegraf that the file is for, or an older one.",
    ),
    Option(
        flag="--tenant",
        metavar="NAME",
        many=True,
        help="Tenant of the configuration file; may be repeated. A block each, or with execd one "
        "process for all.",
    ),
    Option(
        flag="--tenants",
        metavar="NUMBER",
        help="Tenants in the configuration file, where none is named, for the size of Telegraf's "
        "buffer.",
    ),
    Option(flag="--command", metavar="PATH", default=COMMAND, help="Where o365skype-bridge is."),
    Option(
        flag="--config",
        metavar="FILE",
        help="Our configuration file; without it and with one tenant at most, settings come from "
        "Telegraf's environment.",
    ),
    Option(
        flag="--state-dir",
        metavar="DIR",
        default="/var/cache/o365skype-bridge",
        help="Folder for what is kept between runs.",
    ),
    Option(
        flag="--systemd-credentials",
        help="Take client secrets from systemd's credentials, and make the drop-in for them.",
    ),
    Option(flag="--interval", metavar="DURATION", default="5m", help="Time between collections."),
    Option(
        flag="--timeout", metavar="DURATION", default="15s", help="Telegraf's time limit (exec)."
    ),
    Option(flag="--deadline", metavar="DURATION", default="8s", help="Our own time limit."),
    Option(
        flag="--jitter",
        metavar="DURATION",
        help="Spread collections by up to this. Without: a tenth of the interval.",
    ),
    Option(
        flag="--timestamp",
        metavar="WHEN",
        choices=("day", "now"),
        default="day",
        help="Time of a figure: its report day at 00:00 UTC, or when it was collected.",
    ),
    Option(
        flag="--every-point",
        help="Give every figure at every collection, also one that was given before: for outputs "
        "that forget, such as prometheus_client.",
    ),
    Option(flag="--filter-user", metavar="REGEX", help="Only these users; needs a --tag."),
    Option(
        flag="--service",
        metavar="NAME",
        many=True,
        help="Only this service of Microsoft's service health; may be repeated.",
    ),
    Option(flag="--per-user", help="Figures of every user, besides the totals."),
    Option(
        flag="--users",
        metavar="NUMBER",
        help="Users of the largest tenant, for the size of Telegraf's buffer.",
    ),
    Option(
        flag="--max-users",
        metavar="NUMBER",
        help="Most users that get lines of their own; the rest are one line.",
    ),
    Option(
        flag="--pseudonymize",
        metavar="FILE",
        help="Write pseudonyms for user names, by the key in this file.",
    ),
    Option(
        flag="--tag", metavar="NAME=VALUE", many=True, help="Tag of the blocks; may be repeated."
    ),
)
