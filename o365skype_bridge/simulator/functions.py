"""The usage reports that the simulator can answer, by the name of their Graph function."""

from typing import Final

from o365skype_bridge.simulator.skype_reports import SKYPE_REPORTS
from o365skype_bridge.simulator.teams_reports import TEAMS_REPORTS

LAYOUTS: Final = (*SKYPE_REPORTS, *TEAMS_REPORTS)
FUNCTIONS: Final = {layout.function: layout for layout in LAYOUTS}
