from bus import MeterBus
from poller import Poller


def main() -> None:
    poller = Poller(MeterBus({"hall": 120.5, "roof": 80.25, "cellar": 14.0}, sleepy={"roof": 1}))
    print("kWh", poller.poll_all(["hall", "roof", "cellar"]))
    print(poller.readings)


if __name__ == "__main__":
    main()
