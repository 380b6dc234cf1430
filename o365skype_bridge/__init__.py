"""Microsoft 365 usage reports for the monitoring agents that are already there."""

__version__ = "0.1.0"
