"""A real Nagios without a terminal: a folder of its own, no sockets, nobody to notify."""

from __future__ import annotations

import grp
import os
import pwd
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import waiting
from engine import PLACE, Answer, running

NAGIOS = PLACE / "nagios4"

MAIN = r"""
log_file={folder}/nagios.log
cfg_file={folder}/surroundings.cfg
cfg_file={folder}/o365skype.cfg
resource_file={folder}/resource.cfg
object_cache_file={folder}/objects.cache
precached_object_file={folder}/objects.precache
status_file={folder}/status.dat
status_update_interval=1
nagios_user={user}
nagios_group={group}
check_external_commands=0
command_file={folder}/nagios.cmd
query_socket={folder}/nagios.qh
lock_file={folder}/nagios.pid
temp_file={folder}/nagios.tmp
temp_path={folder}
check_result_path={folder}/results
retain_state_information=0
use_syslog=0
check_for_updates=0
enable_notifications=0
enable_event_handlers=0
check_workers=2
service_inter_check_delay_method=n
host_inter_check_delay_method=n
max_service_check_spread=1
check_result_reaper_frequency=1
service_check_timeout=60
service_check_timeout_state=u
process_performance_data=0
illegal_object_name_chars=`~!$%^&*|'"<>?,()=
illegal_macro_output_chars=`~$&|'"<>
date_format=iso8601
"""

SURROUNDINGS = """
define timeperiod {
    timeperiod_name    24x7
    alias              Always
    sunday             00:00-24:00
    monday             00:00-24:00
    tuesday            00:00-24:00
    wednesday          00:00-24:00
    thursday           00:00-24:00
    friday             00:00-24:00
    saturday           00:00-24:00
}
define command {
    command_name    nothing
    command_line    /bin/true
}
define contact {
    contact_name                     somebody
    host_notification_period         24x7
    service_notification_period      24x7
    host_notification_options        n
    service_notification_options     n
    host_notification_commands       nothing
    service_notification_commands    nothing
}
define host {
    name                     generic-host
    register                 0
    check_period             24x7
    check_command            nothing
    max_check_attempts       10
    contacts                 somebody
    notification_interval    0
    notification_period      24x7
}
define service {
    name                     generic-service
    register                 0
    check_period             24x7
    max_check_attempts       4
    check_interval           10
    retry_interval           2
    contacts                 somebody
    notification_interval    0
    notification_period      24x7
}
"""
"""What an installation brings that ours builds on, as Debian's does."""


class Nagios:
    """One installation; ``resource`` are the lines of its resource.cfg."""

    def __init__(self, folder: Path, objects: str, resource: str = "") -> None:
        folder.mkdir()
        (folder / "results").mkdir()
        self.folder = folder
        user, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        files = {
            "nagios.cfg": MAIN.format(folder=folder, user=user, group=group),
            "surroundings.cfg": SURROUNDINGS,
            "o365skype.cfg": objects,
            "resource.cfg": resource or "$USER1$=/nowhere\n",
        }
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "resource.cfg").chmod(0o600)

    def validate(self) -> tuple[int, int, str]:
        """Let Nagios read everything: warnings, errors, and all that it said."""
        done = subprocess.run(
            [NAGIOS, "-v", self.folder / "nagios.cfg"],
            capture_output=True,
            text=True,
            timeout=waiting.PATIENCE,
            check=False,
        )
        found = re.findall(r"^Total (?:Warnings|Errors): +(\d+)$", done.stdout, re.MULTILINE)
        warnings, errors = map(int, found) if len(found) == 2 else (0, 1)
        return warnings, errors, done.stdout + done.stderr

    def run(self, env: Mapping[str, str]) -> dict[str, Answer]:
        """Run until every service has been checked; give what Nagios holds of each."""
        words = [str(NAGIOS), str(self.folder / "nagios.cfg")]
        found: dict[str, Answer] = {}
        with running(words, env, self.folder / "stdout.log") as process:

            def checked() -> bool:
                assert process.poll() is None, (self.folder / "stdout.log").read_text()
                services = self._services()
                if not services or any(one["has_been_checked"] == "0" for one in services):
                    return False
                found.update({one["service_description"]: _answer(one) for one in services})
                return True

            waiting.until(checked)
        return found

    def _services(self) -> list[dict[str, str]]:
        """Read status.dat, which is there while Nagios runs."""
        try:
            text = (self.folder / "status.dat").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        blocks = re.findall(r"^servicestatus \{\n(.*?)^\t\}$", text, re.DOTALL | re.MULTILINE)
        return [dict(re.findall(r"^\t(\w+)=(.*)$", block, re.MULTILINE)) for block in blocks]


def _answer(service: Mapping[str, str]) -> Answer:
    return Answer(
        state=int(service["current_state"]),
        text=service["plugin_output"].strip(),
        perfdata=service["performance_data"].strip(),
    )


def shown(answer: Answer) -> Answer:
    """Give an answer as status.dat writes it, in which a semicolon of the text is a colon."""
    return answer._replace(text=answer.text.replace(";", ":"))
