from datetime import datetime, timedelta, timezone

from leases import LeaseTable

START = datetime.now(timezone.utc)


def main():
    table = LeaseTable()
    table.grant("10.0.0.5", START + timedelta(minutes=10))
    table.grant("10.0.0.6", START - timedelta(minutes=10))
    print("expired:", table.expired())
    print("free:", table.is_free("10.0.0.7"), table.is_free("10.0.0.5"))


if __name__ == "__main__":
    main()
