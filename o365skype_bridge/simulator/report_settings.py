"""The settings of reports: whether names are concealed."""

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import as_json
from o365skype_bridge.simulator.odata import context, single
from o365skype_bridge.simulator.records import Exchange
from o365skype_bridge.simulator.tenancy import Tenancy

_PATH = "admin/reportSettings/$entity"


def _conceals(tenancy: Tenancy) -> bool:
    return "concealed" in tenancy.oddities and "settings-off" not in tenancy.oddities


def report_settings(exchange: Exchange, tenancy: Tenancy) -> Response:
    """The one object, bare or wrapped as an oddity has it."""
    content = {"displayConcealedNames": _conceals(tenancy)}
    if "settings-wrapped" in tenancy.oddities:
        return as_json(200, {"@odata.context": context(exchange, _PATH), "value": content})
    return single(exchange, _PATH, content)
