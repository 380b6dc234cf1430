"""The options that commands share: settings, what is asked for, and the choice of output."""

from __future__ import annotations

from o365skype_bridge import outputs
from o365skype_bridge.model.options import Option
from o365skype_bridge.reports import DEFAULT

SETTINGS = (
    Option(
        flag="--tenant",
        metavar="NAME",
        many=True,
        help="Tenant, as the configuration file calls it; may be repeated. Without: all.",
    ),
    Option(flag="--config", metavar="FILE", help="Configuration file in TOML (O365_CONFIG)."),
    Option(flag="--tenant-id", metavar="ID", help="Tenant's GUID or domain (O365_TENANT_ID)."),
    Option(flag="--client-id", metavar="ID", help="Application's client id (O365_CLIENT_ID)."),
    Option(
        flag="--client-secret-file",
        metavar="FILE",
        help="File that holds the client secret's value (O365_CLIENT_SECRET_FILE).",
    ),
    Option(
        flag="--client-secret",
        metavar="SECRET",
        help="The client secret itself; other users of this host can see it, so prefer a file.",
    ),
    Option(
        flag="--certificate-file",
        metavar="FILE",
        help="Certificate and key to sign in with, PEM or PFX (O365_CERTIFICATE_FILE).",
    ),
    Option(
        flag="--certificate-key-file",
        metavar="FILE",
        help="The key in PEM, where the certificate is alone (O365_CERTIFICATE_KEY_FILE).",
    ),
    Option(
        flag="--certificate-passphrase-file",
        metavar="FILE",
        help="File that holds the key's passphrase (O365_CERTIFICATE_PASSPHRASE_FILE).",
    ),
    Option(
        flag="--certificate-chain",
        help="Send the certificate and its issuers along (O365_CERTIFICATE_CHAIN).",
    ),
    Option(
        flag="--federated-token-file",
        metavar="FILE",
        help="Token of a workload identity to sign in with (O365_FEDERATED_TOKEN_FILE).",
    ),
    Option(
        flag="--managed-identity",
        metavar="ID",
        help="Sign in as this Azure machine: system, or a client id or resource id "
        "(O365_MANAGED_IDENTITY).",
    ),
    Option(
        flag="--auth",
        metavar="WAY",
        help="secret, certificate, federated or managed, where several are set (O365_AUTH).",
    ),
    Option(
        flag="--cloud",
        metavar="NAME",
        help="Cloud that both endpoints are of: global, usgov, usgov-dod, china (O365_CLOUD).",
    ),
    Option(flag="--login-endpoint", metavar="URL", help="Login service (O365_LOGIN_ENDPOINT)."),
    Option(flag="--graph-endpoint", metavar="URL", help="Graph's root (O365_GRAPH_ENDPOINT)."),
    Option(
        flag="--download-hosts",
        metavar="HOSTS",
        help="More hosts that reports may be downloaded from (O365_DOWNLOAD_HOSTS).",
    ),
    Option(
        flag="--secret-expires",
        metavar="DAY",
        help="Day on which the secret ends, so that nobody need be asked (O365_SECRET_EXPIRES).",
    ),
    Option(
        flag="--groups",
        metavar="FILE",
        help="CSV with the columns upn and group: totals of each group besides (O365_GROUPS).",
    ),
    Option(
        flag="--group-minimum",
        metavar="NUMBER",
        help="Members that a group must have to be told from 'other' (O365_GROUP_MINIMUM; "
        "without: 5).",
    ),
    Option(flag="--ca-file", metavar="FILE", help="CA certificates in PEM (O365_CA_FILE)."),
    Option(
        flag="--proxy",
        metavar="URL",
        help="Proxy: http://HOST:PORT, https:// or socks5h:// (O365_PROXY).",
    ),
    Option(
        flag="--proxy-credentials-file",
        metavar="FILE",
        help="File that holds USER:PASSWORD for it (O365_PROXY_CREDENTIALS_FILE).",
    ),
    Option(
        flag="--state-dir",
        metavar="DIR",
        help="Folder for what is kept between runs (O365_STATE_DIR).",
    ),
    Option(
        flag="--deadline",
        metavar="SECONDS",
        help="Answer within this time, whatever Graph does (O365_DEADLINE; without: 8).",
    ),
    Option(
        flag="--refresh-interval",
        metavar="SECONDS",
        help="Ask Graph again after this time, 0: always (O365_REFRESH_INTERVAL; without: what "
        "suits a report, 3600 for usage).",
    ),
    Option(
        flag="--max-age",
        metavar="SECONDS",
        help="Age of data not served any more while Graph is away (O365_MAX_AGE; without: 604800).",
    ),
    Option(
        flag="--no-background",
        help="Never let a fetch go on after the deadline (O365_BACKGROUND=false).",
    ),
)

SERVICE = Option(
    flag="--service",
    metavar="NAME",
    many=True,
    help="Only this service of Microsoft's service health, by its name or id, or several with "
    "commas; may be repeated (O365_SERVICES; without: all).",
)

QUESTION = (
    Option(
        flag="--filter-user",
        metavar="REGEX",
        help="Only users whose principal name matches anywhere.",
    ),
    Option(flag="--per-user", help="Figures of every user, besides the totals."),
    Option(
        flag="--max-users",
        metavar="NUMBER",
        help="So many users at most, the busiest; the others are summed. Without: all.",
    ),
    Option(
        flag="--pseudonymize",
        metavar="FILE",
        help="Pseudonyms instead of user names, made with the key that this file holds.",
    ),
    SERVICE,
    Option(
        flag="--from-folder",
        metavar="DIR",
        help="Read report files from a folder instead of asking Graph.",
    ),
    Option(flag="--verbose", help="Say more: remarks, and what went wrong in detail."),
)

REPLAY = Option(
    flag="--replay",
    metavar="FILE",
    help="Answer offline from a bundle that 'o365skype-bridge capture' has written.",
)

OUTPUT = Option(
    flag="--output",
    metavar="NAME",
    choices=tuple(outputs.OUTPUTS),
    default="influx",
    help="Form of the answer.",
)

TO = Option(
    flag="--to",
    metavar="FILE",
    help="Write the answer to this file, whole, instead of printing it.",
)

PUSHING = {
    "zabbix": (
        Option(
            flag="--send",
            metavar="SERVER",
            help="Push to the trapper items of this Zabbix server, HOST or HOST:PORT, instead of "
            "printing.",
        ),
        Option(
            flag="--send-host",
            metavar="NAME",
            help="Host that has them in Zabbix. Without: the tenant's name.",
        ),
        Option(
            flag="--send-psk-identity",
            metavar="NAME",
            help="Encrypt by a pre-shared key that Zabbix knows by this name.",
        ),
        Option(
            flag="--send-psk-file",
            metavar="FILE",
            help="File that holds that key, in hexadecimal digits.",
        ),
        Option(
            flag="--send-ca-file",
            metavar="FILE",
            help="Encrypt by certificates, the server's being of these authorities, in PEM.",
        ),
        Option(
            flag="--send-cert-file",
            metavar="FILE",
            help="Certificate to show to the server, in PEM.",
        ),
        Option(
            flag="--send-key-file",
            metavar="FILE",
            help="Its private key, in PEM and without a password.",
        ),
        Option(
            flag="--send-server-name",
            metavar="NAME",
            help="Name that the server's certificate must be for. Without: any.",
        ),
    ),
}
"""Options of `collect` for outputs that can be pushed, by the output's name."""

REPORT = Option(
    flag="--report",
    metavar="NAME",
    many=True,
    help="Report or family of reports, or several with commas; may be repeated (O365_REPORTS; "
    f"without: {', '.join(DEFAULT)}).",
)

PERIOD = Option(
    flag="--period",
    metavar="PERIOD",
    many=True,
    help="Period of the reports that have one: D7, D30, D90 or D180, or several with commas; may "
    "be repeated (O365_PERIOD; without: D7).",
)
