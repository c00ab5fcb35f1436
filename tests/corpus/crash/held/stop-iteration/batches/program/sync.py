from batching import batches
from remote import Remote

CONTACTS = [f"user{n}@example.org" for n in range(11)]


def sync(contacts, remote, size=4):
    for batch in batches(contacts, size):
        remote.upload(batch)
    return remote


def main():
    remote = sync(CONTACTS, Remote(limit=4))
    print(remote.calls, "calls,", len(remote.stored), "contacts")
    assert len(remote.stored) == len(CONTACTS)


if __name__ == "__main__":
    main()
