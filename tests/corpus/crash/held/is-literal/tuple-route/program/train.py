from fares import fare
from trips import parse

TRIPS = ["Linz-Wels", "Wels-Linz", "Graz-Graz", "Linz-Graz"]


def main():
    for text in TRIPS:
        trip = parse(text)
        print(text, fare(trip))


if __name__ == "__main__":
    main()
