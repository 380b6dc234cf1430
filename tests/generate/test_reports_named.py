"""Configuration of some reports: the command that is run asks for the same ones."""

from __future__ import annotations

import pytest
from committed import made


@pytest.mark.parametrize(
    ("target", "mode", "file", "words"),
    [
        ("telegraf", "exec", "o365skype.conf", '"--report", "teams"'),
        ("telegraf", "execd", "o365skype.conf", '"--report", "teams"'),
        (
            "zabbix",
            "external",
            "microsoft365_usage_external.yaml",
            '"--report=teams,skype-users-activity"',
        ),
        (
            "zabbix",
            "agent",
            "microsoft365_usage_agent.yaml",
            '"{$O365.USERS.MAX}","teams,skype-users-activity"]',
        ),
        (
            "zabbix",
            "trapper",
            "microsoft365_usage_trapper.yaml",
            "--report teams,skype-users-activity",
        ),
    ],
)
def test_command_that_is_made_asks_for_what_was_named(
    target: str, mode: str, file: str, words: str
) -> None:
    """Configuration and command are about the same reports."""
    line = f"{target} --mode {mode} --report teams,skype-users-activity"

    assert words in made(line)[file]
