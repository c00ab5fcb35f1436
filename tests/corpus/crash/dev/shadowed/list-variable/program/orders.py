def open_orders(orders):
    return (order for order in orders if not order["served"])


def split_by_station(orders):
    """Lists of orders by station; within a station, tables come in order."""
    list = sorted(orders, key=lambda order: order["table"])
    stations = {}
    for order in list:
        stations.setdefault(order["station"], []).append(order)
    names = list(stations)
    names.sort()
    return {name: stations[name] for name in names}
