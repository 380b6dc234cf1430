"""``centreon_office365_skype_api``: the command line and the answers of Centreon's connector.

The name of an option, the order of complaints and every text that a service may depend on are
those of the connector, as recorded; what is done differently is listed in
``centreon/MIGRATION.md``.
"""
