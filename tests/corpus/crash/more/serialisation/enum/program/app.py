from lamps import Lamp, State, dump, load


def main():
    lamps = [Lamp("hall", State.ON), Lamp("attic", State.BROKEN)]
    again = load(dump(lamps))
    print([lamp.state.name for lamp in again])


if __name__ == "__main__":
    main()
