from kitchen import Kitchen
from orders import open_orders, split_by_station

ORDERS = [
    {"table": 4, "dish": "soup", "station": "hot", "served": False},
    {"table": 2, "dish": "salad", "station": "cold", "served": False},
    {"table": 4, "dish": "cake", "station": "cold", "served": True},
    {"table": 1, "dish": "stew", "station": "hot", "served": False},
]


def main():
    kitchen = Kitchen(split_by_station(open_orders(ORDERS)))
    for station in kitchen.stations():
        print(station, kitchen.dishes(station))


if __name__ == "__main__":
    main()
