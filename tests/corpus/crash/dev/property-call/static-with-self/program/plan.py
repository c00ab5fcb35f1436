from fleet import Truck, assign

LOADS = [("bricks", 8.0), ("sand", 11.0), ("tiles", 3.5)]


def main():
    trucks = [Truck("T1", 12.0), Truck("T2", 15.0)]
    for truck in assign(trucks, LOADS):
        print(truck.name, truck.loads, truck.free())


if __name__ == "__main__":
    main()
