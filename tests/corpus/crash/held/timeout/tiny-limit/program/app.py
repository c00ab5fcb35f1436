import http.client
import json

import conf
import reporting


def fetch(port: int, branch: str) -> dict:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=conf.REPORT_TIMEOUT)
    try:
        connection.request("GET", f"/{branch}")
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def total(port: int, branches: list[str]) -> int:
    return sum(fetch(port, branch)["sales"] for branch in branches)


if __name__ == "__main__":
    print("sales", total(reporting.start(), ["north", "south"]))
