#!/bin/sh
# Debian's Icinga Director, unpacked into .agents/director: nothing is installed. Its PHP and its
# PostgreSQL are those of this host; where there are none its tests skip.
set -eu
cd "$(dirname "$0")/../.."
. tests/agents/debian

wanted() {
    echo icinga-php-library icinga-php-thirdparty php-icinga icingaweb2-common \
        icingaweb2-module-director icingaweb2-module-incubator icingaweb2-module-reactbundle
}

unpack director "a real Icinga Director"
