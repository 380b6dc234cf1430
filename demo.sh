#!/bin/sh
# What `make demo` shows, run by `o365skype-bridge simulate -- sh demo.sh COMMAND`.
set -eu
bridge=$1

show() {
    printf '\n$ o365skype-bridge %s\n' "$*"
    "$bridge" "$@" || printf '(exit code %s)\n' "$?"
}

echo "A simulated Microsoft Graph and login service run on this host; the settings are in O365_*."
show collect --output influx
show collect --output zabbix
show collect --output centreon
show check skype-users-activity --warning-active-users 10:
show check skype-devices-usage --use-new-perfdata --filter-user '^a'
show collect --output json --report skype-devices-usage
