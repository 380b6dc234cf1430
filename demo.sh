#!/bin/sh
# What `make demo` shows, run by `o365skype-bridge simulate -- sh demo.sh COMMAND`.
set -eu
bridge=$1

say() {
    printf '\n%s\n' "$@"
}

show() {
    printf '$ o365skype-bridge %s\n' "$*"
    "$bridge" "$@" || printf '(exit code %s)\n' "$?"
}

# An answer in full would fill the screen: texts that explain, and rows beyond these, are left away.
brief() {
    awk '/^#/ { next } /^\$ / { print; next } ++rows > 4 { next }
        length > 600 { $0 = substr($0, 1, 600) " ..." } 1
        END { if (rows > 4) printf "... and %d lines more\n", rows - 4 }'
}

failing() {
    fault=$1
    shift
    "$bridge" simulate --tenant-id "$O365_TENANT_ID" --fault "$fault" -- "$bridge" "$@"
}

say "A Microsoft 365 with 50 users is simulated on this host: login, Graph and downloads." \
    "1. The reports are fetched once, and kept:"
show refresh

say "2. Every agent is answered from what is kept, in its own way."
"$bridge" list outputs | while read -r output what; do
    case $output in centreon | json) continue ;; esac
    say "$what"
    show collect --output "$output" --report teams-users-activity | brief
done
say "Status line, perfdata and exit code, for Nagios, Naemon, Icinga 2 and Centreon:"
show check teams-users-activity --warning-active-users 40:

say "3. One night the client secret expires. No figure is made up, and no check stays green:"
printf '$ o365skype-bridge check teams-users-activity\n'
failing token-7000222 check teams-users-activity || printf '(exit code %s)\n' "$?"
say "The doctor looks at everything that an answer depends on, and says what to do:"
printf '$ o365skype-bridge doctor\n'
failing token-7000222 doctor | grep -A 1 '^failed' || true

say "4. What next:"
cat << END
  o365skype-bridge generate telegraf      the configuration of your agent (zabbix, nagios, ...)
  o365skype-bridge simulate --list        what else can be odd, and what can fail
  README.md, "Register the application"   five minutes in Entra, and it is your own tenant
END
