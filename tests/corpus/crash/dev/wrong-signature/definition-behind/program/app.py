from bus.dispatch import Dispatcher
from bus.handlers import on_order, on_refund, on_shipment


def build(tenant):
    dispatcher = Dispatcher(tenant)
    dispatcher.on("order", on_order)
    dispatcher.on("shipment", on_shipment)
    dispatcher.on("refund", on_refund)
    return dispatcher


def turnover(dispatcher, events):
    return sum(sum(dispatcher.emit(event)) for event in events)


if __name__ == "__main__":
    day = [
        {"kind": "order", "id": 1, "total": 50},
        {"kind": "shipment", "id": 1},
        {"kind": "refund", "id": 1, "total": 20},
    ]
    bus = build("north")
    print(turnover(bus, day), bus.context.log)
