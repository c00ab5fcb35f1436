import http.client
import json


def fetch(address, metal):
    connection = http.client.HTTPConnection(*address, timeout=5)
    try:
        connection.request("GET", f"/{metal}")
        response = connection.getresponse()
        if response.status != 200:
            raise RuntimeError(f"price feed: {response.status} {response.reason} for {metal}")
        return json.loads(response.read())
    finally:
        connection.close()


def value(address, grams):
    return round(sum(fetch(address, metal) * weight for metal, weight in grams.items()), 2)
