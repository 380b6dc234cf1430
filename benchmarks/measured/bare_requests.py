"""The least that fetches the same four files: a token by a plain POST, and requests' redirects."""

from __future__ import annotations

import os

import requests

FUNCTIONS = ("getSkypeForBusinessDeviceUsageUserDetail", "getSkypeForBusinessActivityUserDetail")


def main() -> None:
    """Fetch period and day of both reports, and print how many bytes they have."""
    env = os.environ
    session = requests.Session()
    session.trust_env = False
    session.verify = env["O365_CA_FILE"]
    answer = session.post(
        f"{env['O365_LOGIN_ENDPOINT']}/{env['O365_TENANT_ID']}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": env["O365_CLIENT_ID"],
            "client_secret": env["O365_CLIENT_SECRET"],
            "scope": f"{env['O365_GRAPH_ENDPOINT']}/.default",
        },
    )
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    size = 0
    for function in FUNCTIONS:
        url = f"{env['O365_GRAPH_ENDPOINT']}/v1.0/reports/{function}"
        period = session.get(f"{url}(period='D7')").content
        newest = period.split(b"\n", 2)[1].partition(b",")[0].decode()
        day = session.get(f"{url}(date={newest})").content
        size += len(period) + len(day)
    print(size)


if __name__ == "__main__":
    main()
