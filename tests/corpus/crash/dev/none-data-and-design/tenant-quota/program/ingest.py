import json
from pathlib import Path

from quota import Meter

HERE = Path(__file__).parent


def main():
    contracts = json.loads((HERE / "contracts.json").read_text())
    meter = Meter(contracts)
    for tenant, size in (("acme", 400), ("globex", 2500), ("acme", 700)):
        meter.book(tenant, size)
    print(meter.used)


if __name__ == "__main__":
    main()
