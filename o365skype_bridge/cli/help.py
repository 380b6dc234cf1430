"""What stands at the end of each command's help: examples, and what its exit codes mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "o365skype-bridge"


class Help(NamedTuple):
    """What each example does, by the words after the program's name, and what an exit code says."""

    examples: Mapping[str, str]
    exit_codes: Mapping[str, str]


WRONG = "the command line or the configuration is wrong"

WHOLE = Help(
    {
        "doctor": "look at everything that an answer depends on",
        "check skype-users-activity": "one report as Nagios, Icinga 2 and Centreon read it",
        "collect --output influx": "the default reports as Telegraf reads them",
        "generate zabbix --to .": "a template to import into Zabbix",
    },
    {
        "0": "OK, or done",
        "1": "WARNING, or not all of it could be done",
        "2": "CRITICAL by a threshold, or a check of doctor that failed; never a failure of ours",
        "3": f"UNKNOWN: there is no answer, or {WRONG}",
    },
)

COMMANDS = {
    "collect": Help(
        {
            "collect --output influx": "line protocol of the default reports",
            "collect --output zabbix --tenant contoso": "one tenant's document for Zabbix",
            "collect --report teams --report health": "whole families of reports",
            "collect --output json --per-user --max-users 10": "also the ten busiest users",
            "collect --output zabbix --send zabbix.example": "push to a server's trapper items",
        },
        {
            "0": "the answer was printed, whatever the outcomes in it",
            "1": "with --send: the server did not take every value",
            "3": WRONG,
            "0-3": "with --output centreon: as of check",
        },
    ),
    "check": Help(
        {
            "check skype-users-activity": "figures without thresholds",
            "check teams-users-activity --units count --warning-active-users 10:": "fewer than "
            "ten active users are a WARNING",
            "check skype-devices-usage --warning-age 345600": "data older than four days, too",
            "check skype-users-activity --filter-user '@sales' -v": "some users only, with remarks",
        },
        {
            "0": "OK",
            "1": "WARNING: a threshold, or kept figures that nobody confirmed for six hours",
            "2": "CRITICAL: a threshold, never a failure of ours",
            "3": f"UNKNOWN: there is no answer, or {WRONG}",
        },
    ),
    "execd": Help(
        {
            "execd": 'what [[inputs.execd]] with signal = "STDIN" starts',
            "execd --tenant contoso --report teams": "of one tenant the reports of Teams",
        },
        {
            "0": "stdin has ended, or a signal came",
            "3": f"nothing can be written to stdout, or {WRONG}",
        },
    ),
    "backfill": Help(
        {
            "backfill": "line protocol of all days that Graph still has",
            "backfill --days 7 --report teams": "the last week of Teams",
            "backfill --send zabbix.example --send-host contoso": "push the past to Zabbix",
        },
        {
            "0": "nothing is left to ask for",
            "1": "something is left; stderr says what, and when to go on",
            "3": f"it was interrupted, or {WRONG}",
        },
    ),
    "refresh": Help(
        {
            "refresh": "fetch what is due",
            "refresh --all --tenant contoso": "all of one tenant, due or not",
            "refresh --deadline 60": "end after a minute, whatever Graph does",
        },
        {
            "0": "all went well, or nothing was due",
            "1": "a report is neither ok nor empty",
            "3": f"it was interrupted, or {WRONG}",
        },
    ),
    "doctor": Help(
        {
            "doctor": "look at everything",
            "doctor --as telegraf": "with the rights of an agent's account",
            "doctor --tenant contoso --output json": "one tenant, for programs",
        },
        {
            "0": "all is well",
            "1": "there are warnings",
            "2": "something failed; the line below it says what to do",
            "3": "the command line is wrong",
        },
    ),
    "capture": Help(
        {
            "capture --to bundle.json": "all reports that are asked for",
            "capture --to bundle.json --report health": "of one family, of every tenant",
            "capture --to bundle.json --tenant contoso": "of one tenant",
        },
        {
            "0": "there is a file, whatever Graph has answered",
            "3": "no file was written: the line on stderr says why",
        },
    ),
    "generate": Help(
        {
            "generate telegraf": "print the only file",
            "generate zabbix --to .": "write what is to be imported",
        },
        {"0": "the files are made", "3": f"nothing is made: {WRONG}"},
    ),
    "list": Help(
        {
            "list reports": "names, families, functions of Graph, permissions",
            "list metrics": "names, units, meanings",
            "list outputs": "what collect can print",
        },
        {"0": "it is printed", "3": "the command line is wrong"},
    ),
    "simulate": Help(
        {
            "simulate": "serve until Ctrl-C, and print the settings for another terminal",
            "simulate -- o365skype-bridge check skype-users-activity": "around a command",
            "simulate --fault token-7000222 -- o365skype-bridge doctor": "an expired secret",
            "simulate --list": "what can be odd, and what can fail",
        },
        {
            "0": "it was told to end",
            "3": "it cannot be started",
            "any other": "that of COMMAND, or 128 and the number of the signal that ended it",
        },
    ),
}


def of_target(target: str) -> Help:
    """Give the help of a target of `generate`."""
    return Help(
        {
            f"generate {target} --to .": "for the default reports, into this folder",
            f"generate {target} --report teams --to /tmp/{target}": "for those of Teams",
        },
        COMMANDS["generate"].exit_codes,
    )


def epilog(which: Help) -> str:
    """Write the end of a help text."""
    lines = ["examples:"]
    for words, text in which.examples.items():
        lines += [f"  # {text}", f"  {NAME} {words}"]
    widest = max(map(len, which.exit_codes))
    lines += ["", "exit codes:"]
    lines += [f"  {code:<{widest}}  {text}" for code, text in which.exit_codes.items()]
    return "\n".join(lines)
