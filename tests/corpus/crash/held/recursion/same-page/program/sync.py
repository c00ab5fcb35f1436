from client import all_items
from fake_service import Service


def main():
    service = Service([f"item-{n}" for n in range(23)], page_size=10)
    items = all_items(service)
    print(len(items), "items in", service.calls, "calls")


if __name__ == "__main__":
    main()
