"""A host as the README says to set it up: paths, account and files, in a root folder of its own.

What is installed here is only seen by what runs in it; the real host has neither the account nor
the files.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from conftest import COMMAND
from real_telegraf import ROOT, TELEGRAF, TIMEOUT

ACCOUNT, NUMBER = "telegraf", 54324

SETUP = """\
set -eu
mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$root"
for folder in /usr /dev /proc; do
    mkdir -p "$root$folder"
    mount --rbind "$folder" "$root$folder"
done
for name in bin lib lib64 sbin; do
    if [ -L "/$name" ]; then cp -a "/$name" "$root/$name"; fi
done
for folder in $needed; do
    case "$folder" in /usr|/usr/*) continue ;; esac
    mkdir -p "$root$folder"
    mount --bind "$folder" "$root$folder"
done
mkdir -m 1777 "$root/tmp"
mkdir "$root/etc" "$root/own"
cp -a /etc/. "$root/etc"
cp -a /usr/local/bin/. "$root/own"
cp -L "$telegraf" "$root/own/telegraf"
ln -sf "$command" "$root/own/o365skype-bridge"
printf '#!/bin/sh\\nexec "$@"\\n' > "$root/own/sudo"
chmod 755 "$root/own" "$root/own/telegraf" "$root/own/sudo"
mount --bind "$root/own" "$root/usr/local/bin"
echo "$account:x:$number:$number::/etc/telegraf:/bin/false" >> "$root/etc/passwd"
echo "$account:x:$number:" >> "$root/etc/group"
mkdir -p "$root/etc/default"
cp -r "$files/telegraf" "$root/etc"
cp "$files/default" "$root/etc/default/telegraf"
chmod 600 "$root/etc/default/telegraf"
chmod -R a+rX "$root/etc/telegraf"
install -m 400 -o "$number" -g "$number" "$files/secret" "$root/etc/telegraf/o365-client-secret"
install -d -m 700 -o "$number" -g "$number" "$root/var/cache/o365skype-bridge"
exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" sh -c "$line"
"""
"""Root is root already, so what stands in for ``sudo`` runs what it is given."""


def run(
    line: str, folder: Path, configs: Mapping[str, str], env: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a line of the README on a host with the service's environment.

    ``configs`` are files under /etc/telegraf, by their paths there.
    """
    files, root = folder / "files", folder / "root"
    (files / "telegraf" / "telegraf.d").mkdir(parents=True)
    root.mkdir()
    known = {name: value for name, value in env.items() if name.startswith("O365_")}
    (files / "secret").write_text(known.pop("O365_CLIENT_SECRET"), encoding="utf-8")
    (files / "telegraf" / "ca.pem").write_bytes(Path(known["O365_CA_FILE"]).read_bytes())
    known["O365_CA_FILE"] = "/etc/telegraf/ca.pem"
    known["O365_CLIENT_SECRET_FILE"] = "/etc/telegraf/o365-client-secret"
    known.pop("O365_STATE_DIR")
    lines = (f"{name}={shlex.quote(value)}\n" for name, value in known.items())
    (files / "default").write_text("".join(lines), encoding="utf-8")
    for name, text in configs.items():
        (files / "telegraf" / name).write_text(text, encoding="utf-8")
    values = {
        "root": root,
        "files": files,
        "telegraf": TELEGRAF,
        "command": COMMAND,
        "line": line,
        "needed": f"{sys.base_prefix} {ROOT}",
        "account": ACCOUNT,
        "number": NUMBER,
    }
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", SETUP],
        env={**os.environ, **{name: str(value) for name, value in values.items()}},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
