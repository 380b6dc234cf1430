"""A process that answers for the drop-in again and again: what it imports, it imports once.

Reads a JSON line with ``argv``, ``env`` and ``out``; every check is a process of its own, made by
`os.fork`, whose stdout and stderr go to files. Answers with a line that holds the exit code.
"""

from __future__ import annotations

import json
import os
import sys
import time

import msal  # noqa: F401 so that no check has to
import requests  # noqa: F401 so that no check has to

from o365skype_bridge.connector.run import main
from o365skype_bridge.engine import fleet, recount, refresh  # noqa: F401 so that no check has to
from o365skype_bridge.graph import client  # noqa: F401 so that no check has to

for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if not child:
        os.environ.clear()
        os.environ.update(job["env"])
        time.tzset()
        for descriptor, suffix in ((1, ""), (2, ".err")):
            opened = os.open(job["out"] + suffix, os.O_CREAT | os.O_WRONLY, 0o600)
            os.dup2(opened, descriptor)
        sys.stdin.close()
        code = 99
        try:
            code = main(job["argv"])
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
    sys.stdout.flush()
