"""The catalogue: every report there is. One more report is one more entry."""

from o365skype_bridge.reports.skype import SKYPE

CATALOGUE = (*SKYPE,)
