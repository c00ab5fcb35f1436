import json
import urllib.request


def encode(readings):
    return json.dumps({"readings": readings}).encode()


def post(url, readings):
    request = urllib.request.Request(
        url + "/ingest",
        data=encode(readings),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.status


def ship(url, readings):
    """Send every reading to the collector, oldest first; returns how many were sent."""
    post(url, readings)
    return len(readings)
