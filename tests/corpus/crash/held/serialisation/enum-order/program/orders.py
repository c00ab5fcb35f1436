from model import Order, State
from transport import Wire


def round_trip(orders):
    wire = Wire()
    for order in orders:
        wire.send(order)
    return wire.receive()


def main():
    orders = [Order(1, State.OPEN), Order(2, State.SENT, "T-9")]
    again = round_trip(orders)
    for order in again:
        print(order.number, order.state.name, order.tracking)
    assert [o.state for o in again] == [State.OPEN, State.SENT]


if __name__ == "__main__":
    main()
