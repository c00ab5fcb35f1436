from datetime import datetime

from contract import Contract

NOW = datetime(2024, 5, 31, 14, 30)


def main():
    contracts = [Contract.parse("flat 2a;2024-05-31"), Contract.parse("flat 3;2024-04-30"), Contract.parse("garage;2026-01-31")]
    for contract in contracts:
        print(contract.name, "running" if contract.is_running(NOW) else "ended", contract.days_left(NOW))


if __name__ == "__main__":
    main()
