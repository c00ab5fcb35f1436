from mailbox_store import Box


def main():
    box = Box()
    box.put({"to": "ann", "urgent": True, "tags": None})
    box.put({"to": "bob's", "urgent": False, "tags": ["x"]})
    print(box.get(0)["to"], box.get(1)["urgent"], box.get(1)["to"])


if __name__ == "__main__":
    main()
