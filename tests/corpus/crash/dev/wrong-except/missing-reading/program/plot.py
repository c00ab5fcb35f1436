import json

from bars import bar
from readings import series

PAYLOAD = '{"values": ["4", "7", "", null, "2", "off"], "unit": "kW"}'


def main():
    payload = json.loads(PAYLOAD)
    for value in series(payload["values"]):
        print(bar(value, payload["unit"]))


if __name__ == "__main__":
    main()
