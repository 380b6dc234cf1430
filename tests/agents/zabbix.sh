#!/bin/sh
# Two real Zabbix servers with proxies, and a browser for pictures: 6.0 from Debian 12's own packages,
# and the 7.0 of Debian 13 unpacked beside it in .agents/zabbix-7.0, of which nothing gets installed.
# With it come what packages do not let be beside each other, each in a folder of its own there (both
# proxies, the server for MySQL), MariaDB, and a Python that knows TLS by a key that both sides share.
set -eu
cd "$(dirname "$0")/../.."

if ! grep -q '^VERSION_CODENAME=bookworm' /etc/os-release; then
    echo "zabbix: only Debian 12 has the packages; the tests with Zabbix servers will skip"
    exit 0
fi

packages="zabbix-server-pgsql zabbix-frontend-php zabbix-agent zabbix-agent2 postgresql php-cli php-pgsql
    php-mysql php-gd php-bcmath php-mbstring php-xml php-curl php-ldap fping chromium fonts-dejavu-core
    locales"
root=.agents/zabbix-7.0
# A recipe that changes makes a new tree; the same recipe serves every checkout of this user.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/o365skype-bridge-agents/zabbix-7.0-$(cksum < tests/agents/zabbix.sh | cut -d ' ' -f 1)

run_apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@"
}

install_packages() {
    # No package may start a service here; somebody else's policy stays as it is.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy"
        chmod 755 "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    run_apt update || true # sources that we need nothing of may fail
    # shellcheck disable=SC2086
    run_apt install -y --no-install-recommends $packages
}

# The mirror that this host's own apt uses.
mirror() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        sed -n 's/ bookworm$//p' | head -n 1
}

# Unpacks one package, without what it needs, into a folder of its own.
unpack_alone() {
    mkdir "$1"
    (cd "$1" && shift && run_apt "$@" && dpkg-deb -x ./*.deb . && rm ./*.deb)
}

unpack_trixie() {
    mkdir -p "$(dirname "$cache")"
    made=$(mktemp -d "$cache.XXXXXX")
    mkdir -p "$made/.apt/lists/partial" "$made/.apt/archives/partial"
    : > "$made/.apt/status" # nothing counts as installed, so that all libraries come too
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) trixie main" \
        > "$made/.apt/sources.list"
    trixie="-o Dir::State=$made/.apt -o Dir::State::lists=$made/.apt/lists
        -o Dir::State::status=$made/.apt/status -o Dir::Cache=$made/.apt
        -o Dir::Cache::archives=$made/.apt/archives -o Dir::Etc::sourcelist=$made/.apt/sources.list
        -o Dir::Etc::sourceparts=/nonexistent -o Dir::Etc::preferencesparts=/nonexistent
        -o APT::Install-Recommends=0 -o APT::Sandbox::User=root -o Debug::NoLocking=1"
    # shellcheck disable=SC2086
    run_apt $trixie update
    # shellcheck disable=SC2086
    run_apt $trixie install -y --download-only zabbix-server-pgsql zabbix-agent zabbix-agent2 \
        mariadb-server-core mariadb-client-core python3.13
    # Its PHP and web server are not wanted: Debian 12's PHP serves these files.
    # shellcheck disable=SC2086
    (cd "$made/.apt/archives" && run_apt $trixie download zabbix-frontend-php)
    # shellcheck disable=SC2086
    unpack_alone "$made/proxy" $trixie download zabbix-proxy-sqlite3
    # shellcheck disable=SC2086
    unpack_alone "$made/mysql" $trixie download zabbix-server-mysql
    unpack_alone "$made/proxy-6.0" download zabbix-proxy-sqlite3
    for package in "$made"/.apt/archives/*.deb; do
        dpkg-deb -x "$package" "$made"
    done
    rm -rf "$made/.apt"
    chmod 755 "$made"
    mv -T "$made" "$cache" 2> /dev/null || rm -rf "$made" # somebody else was faster
}

# shellcheck disable=SC2086
dpkg -s $packages > /dev/null 2>&1 || install_packages
# Every page of the frontend warns when this locale is missing.
locale -a | grep -qix 'en_US\.utf-\?8' || localedef -i en_US -f UTF-8 en_US.UTF-8
[ -d "$cache" ] || unpack_trixie
mkdir -p .agents
ln -sfn "$cache" "$root"
