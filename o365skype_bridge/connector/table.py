"""Every option there is, as data: how it is read, what it means, and what it cannot mean here.

A row is name, kind, what it does, and, for an option that is taken and changes nothing, why.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from o365skype_bridge.model.declare import Report

FLAG, VALUE, LIST, MAP = "flag", "value", "list", "map"

Row = tuple[str, str, str, str]

ONE_PLACE = "the state folder is the only place where anything is kept"
NO_PERL = "nothing here is written in Perl"

PROGRAM: tuple[Row, ...] = (
    ("plugin", VALUE, "cloud::microsoft::office365::skype::plugin, or ::teams::plugin.", ""),
    ("list-plugin", FLAG, "List the plugins.", ""),
    ("help", FLAG, "Show this help.", ""),
    ("version", FLAG, "Show the version.", ""),
    ("ignore-warn-msg", FLAG, "Hide Perl's warnings.", NO_PERL),
    ("runas", VALUE, "Run as this user.", "whoever starts it is who it runs as"),
    ("global-timeout", VALUE, "Answer within this many seconds.", ""),
    ("environment", MAP, "Environment variable, NAME=VALUE; may be repeated.", ""),
    ("convert-args", VALUE, "Replace PATTERN,TEXT in all arguments.", ""),
)

OUTPUT: tuple[Row, ...] = (
    ("verbose", FLAG, "Long output: every user, and remarks.", ""),
    ("debug", FLAG, "Everything there is to know, except secret and token.", ""),
    ("debug-stream", FLAG, "Debug messages as they come.", "there are none before the answer"),
    ("show-password", FLAG, "Show passwords.", "secret and token are never shown"),
    ("use-new-perfdata", FLAG, "Dotted metric names.", ""),
    ("filter-perfdata", VALUE, "Only perfdata whose label matches.", ""),
    ("filter-perfdata-adv", VALUE, "Only perfdata for which the condition holds.", ""),
    ("explode-perfdata-max", LIST, "Maxima as perfdata of their own: all, or MATCH,LABEL.", ""),
    ("change-perfdata", LIST, "Change: MATCH,LABEL,METHOD,UOM,MIN,MAX,WARNING,CRITICAL.", ""),
    ("extend-perfdata", LIST, "Add a changed copy, written as for --change-perfdata.", ""),
    ("extend-perfdata-group", LIST, "Add min, max, sum or average of several.", ""),
    ("change-short-output", LIST, "Replace in the status line: PATTERN~TEXT~MODIFIERS.", ""),
    ("change-long-output", LIST, "Replace in the long output: PATTERN~TEXT~MODIFIERS.", ""),
    ("change-output-adv", LIST, "Another line and state: CONDITION,TEXT,STATE.", ""),
    ("change-exit", LIST, "Another exit code: STATE=STATE.", ""),
    ("range-perfdata", VALUE, "1: thresholds without a start of 0; 2: no thresholds.", ""),
    ("filter-uom", VALUE, "Hide units that do not match.", ""),
    ("opt-exit", VALUE, "State of errors; without: unknown.", ""),
    ("output-ignore-perfdata", FLAG, "No perfdata.", ""),
    ("output-ignore-label", FLAG, "No state in front of the status line.", ""),
    ("output-xml", FLAG, "XML.", ""),
    ("output-json", FLAG, "JSON.", ""),
    ("output-openmetrics", FLAG, "OpenMetrics.", ""),
    ("output-file", VALUE, "Write into a file instead of stdout.", ""),
    ("disco-format", FLAG, "Service discovery: an empty document.", ""),
    ("disco-show", FLAG, "Service discovery: an empty document.", ""),
    ("float-precision", VALUE, "Decimals that are compared; without: 8.", ""),
    ("source-encoding", VALUE, "Encoding of the reports.", "reports are UTF-8"),
)

GLOBAL: tuple[Row, ...] = (
    ("mode", VALUE, "devices-usage or users-activity.", ""),
    ("dyn-mode", VALUE, "The same as the path of a Perl module.", ""),
    ("list-mode", FLAG, "List the modes.", ""),
    ("custommode", VALUE, "graphapi, which is the only one.", ""),
    ("list-custommode", FLAG, "List the custom modes.", ""),
    ("multiple", FLAG, "Several custom modes.", "there is one"),
    ("no-sanity-options", FLAG, "Take unknown options without a word.", ""),
    ("pass-manager", VALUE, "environment, with --environment-map-option.", ""),
    ("environment-map-option", LIST, "Option from the environment: OPTION=VARIABLE.", ""),
)

ACCESS: tuple[Row, ...] = (
    ("tenant", VALUE, "Tenant's GUID or domain, or its name in --config.", ""),
    ("client-id", VALUE, "Application's client id.", ""),
    ("client-secret", VALUE, "Client secret; visible to every user of this host.", ""),
    ("login-endpoint", VALUE, "Login service; https only.", ""),
    ("graph-endpoint", VALUE, "Graph's root; https only.", ""),
    ("timeout", VALUE, "Answer within this many seconds, 50 at most.", ""),
    ("http-peer-addr", VALUE, "Address to connect to.", "name resolution belongs to the host"),
    ("proxyurl", VALUE, "Proxy, http://HOST:PORT or https://HOST:PORT.", ""),
    ("proxypac", VALUE, "Proxy configuration script.", "name the proxy itself with --proxyurl"),
    ("insecure", FLAG, "Take any certificate.", ""),
    ("http-backend", VALUE, "lwp or curl.", "there is one way to speak HTTP"),
    ("ssl-opt", LIST, "SSL_ca_file => '...', or SSL_verify_mode => 0.", ""),
    ("ssl", VALUE, "TLS version.", "the best version that both sides speak is taken"),
    ("curl-opt", LIST, "CURLOPT_CAINFO => '...', or CURLOPT_SSL_VERIFYPEER => 0.", ""),
)

KEPT: tuple[Row, ...] = (
    ("statefile-dir", VALUE, "Folder for what is kept between runs; it must exist.", ""),
    ("statefile-suffix", VALUE, "Suffix of the file.", "file names are ours"),
    ("statefile-concat-cwd", FLAG, "Relative to the working directory.", "name a whole path"),
    ("statefile-format", VALUE, "Format of the file.", "the format is ours"),
    ("statefile-storable", FLAG, "Format of the file.", "the format is ours"),
    ("statefile-key", VALUE, "Encrypt the file.", "only its owner can read it"),
    ("statefile-cipher", VALUE, "Cipher for the file.", "only its owner can read it"),
    ("memcached", VALUE, "Keep in memcached.", ONE_PLACE),
    ("memexpiration", VALUE, "Life in memcached or redis.", ONE_PLACE),
    ("redis-server", VALUE, "Keep in redis.", ONE_PLACE),
    ("redis-attribute", LIST, "Setting of redis.", ONE_PLACE),
    ("redis-db", VALUE, "Database of redis.", ONE_PLACE),
    ("failback-file", FLAG, "Use a file when redis is away.", ONE_PLACE),
)

MODE: tuple[Row, ...] = (
    ("filter-user", VALUE, "Only users whose principal name matches.", ""),
    ("units", VALUE, "Unit of thresholds of active users or devices: %, or count.", ""),
    ("filter-counters", VALUE, "Only counters whose name matches.", ""),
    ("filter-counters-block", VALUE, "Without the blocks that match: active, global, users.", ""),
    ("display-ok-counters", VALUE, "Show counters that are hidden when OK.", "none is"),
    ("list-counters", FLAG, "List the counters of the mode.", ""),
)

REFUSED = (
    (
        "--mode=multi",
        "Several modes in one check.",
        "A check is one mode; make a service for each.",
    ),
    (
        "--pass-manager=…",
        "keepass, hashicorpvault, teampass, file and others.",
        "environment only; or keep the secret in a file, with --client-secret-file.",
    ),
    (
        "--custommode=…",
        "Another way to ask.",
        "graphapi is the only one that the connector has for these modes too.",
    ),
)
"""What is answered with UNKNOWN and what to do: an option, what it is there, what there is here."""

OWN: tuple[Row, ...] = (
    ("client-secret-file", VALUE, "File that holds the client secret's value.", ""),
    ("config", VALUE, "Configuration file in TOML.", ""),
    ("empty-state", VALUE, "State of a report without rows; without: ok.", ""),
    ("deadline", VALUE, "Answer within this many seconds; before --timeout.", ""),
    ("warning-age", VALUE, "Warning threshold for the age of the data, in seconds.", ""),
    ("critical-age", VALUE, "Critical threshold for the age of the data, in seconds.", ""),
    ("max-age", VALUE, "Age in seconds of data not served any more while Graph is away.", ""),
    (
        "stale-state",
        VALUE,
        "State of kept figures when somebody has to do something; without: unknown.",
        "",
    ),
    (
        "warning-confirmed",
        VALUE,
        "Warning threshold for the seconds since Graph confirmed the figures.",
        "",
    ),
    (
        "critical-confirmed",
        VALUE,
        "Critical threshold for the seconds since Graph confirmed the figures.",
        "",
    ),
    ("scan", VALUE, "Say what of these command lines differs: a file, - for stdin; alone.", ""),
    ("ca-file", VALUE, "CA certificates in PEM.", ""),
)

SECTIONS = (
    ("Program", PROGRAM),
    ("Output", OUTPUT),
    ("Global", GLOBAL),
    ("Access", ACCESS),
    ("What is kept", KEPT),
    ("Counters", MODE),
    ("Not in Centreon's connector", OWN),
)

SEVERITIES = ("unknown", "warning", "critical")


def kinds(*sections: tuple[Row, ...]) -> dict[str, str]:
    """Give how the options of some sections are read, by name."""
    return {row[0]: row[1] for section in sections for row in section}


def thresholds(report: Report, *, new: bool) -> dict[str, tuple[str, str]]:
    """Give the thresholds of a report: by option, the key it is kept under and its full name.

    ``new`` adds those that are named for the dotted metrics, by which complaints then call all.
    """
    found = {}
    for metric, words in report.spoken:
        dotted = metric.dotted.replace(".", "-")
        instance = f"instance-{dotted}" if metric.per_user else dotted
        named = new and not metric.limited
        for severity in SEVERITIES:
            key = f"{severity}_{words.option.replace('-', '_')}"
            full = f"{severity}-{instance if named else words.option}"
            found[f"{severity}-{words.option}"] = (key, full)
            if named:
                found[full] = (key, full)
    return found
