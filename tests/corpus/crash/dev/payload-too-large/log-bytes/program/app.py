from drain import open_drain
from shipper import Shipper


def main():
    drain = open_drain()
    shipper = Shipper(drain.server_port)
    shipper.ship([f"{n:05d} GET /cart 200" for n in range(120)])
    shipper.ship([f"{n:05d} ERROR " + "stack " * (n % 60) for n in range(80)])
    print(len(drain.lines), "lines arrived")


if __name__ == "__main__":
    main()
