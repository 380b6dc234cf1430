"""Oddities of what Graph answers as JSON; each is looked up by name where it matters."""

from typing import Final

from o365skype_bridge.simulator.oddity import Oddity

RESOURCE_ODDITIES: Final = (
    Oddity(
        name="health-pascal-case",
        traps=(32,),
        help="Statuses and classifications begin with a capital, as the documentation has them.",
    ),
    Oddity(
        name="health-unknown-status",
        traps=(32,),
        help="Every issue has a status that nobody knows yet.",
    ),
    Oddity(
        name="health-renamed",
        traps=(32,),
        help="Services have other names and the same ids.",
    ),
    Oddity(
        name="health-without-skype",
        traps=(32,),
        help="Skype for Business is not among the services.",
    ),
    Oddity(name="health-all-good", traps=(32,), help="No service has any issue."),
    Oddity(
        name="settings-wrapped",
        traps=(33,),
        help="The report settings stand inside 'value', as the documentation has them.",
    ),
    Oddity(
        name="settings-off",
        traps=(33,),
        help="The setting that conceals names was switched off after the reports were made.",
    ),
    Oddity(
        name="credentials-several",
        traps=(34,),
        help="Beside the secret there is one that has ended and one that ends a year later.",
    ),
    Oddity(name="credentials-none", traps=(34,), help="The application has no credential at all."),
    Oddity(
        name="credentials-certificate-only",
        traps=(34,),
        help="The application has a certificate and no secret.",
    ),
    Oddity(
        name="credentials-fractional",
        traps=(34,),
        help="Times of credentials have seven fractional digits.",
    ),
    Oddity(name="credentials-unnamed", traps=(34,), help="The secret has no display name."),
)
