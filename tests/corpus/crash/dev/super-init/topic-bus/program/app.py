from events.logged import LoggedBus


def run():
    seen = []
    bus = LoggedBus(limit=2)
    bus.subscribe("order", lambda data: seen.append(data["id"]))
    for number in range(3):
        bus.publish("order", {"id": number})
    bus.publish("noise", {})
    return bus, seen


def main():
    bus, seen = run()
    print(seen, bus.log, bus.lost)


if __name__ == "__main__":
    main()
