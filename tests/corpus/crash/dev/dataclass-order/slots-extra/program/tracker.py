from positions import TRACK
from vehicle import Vehicle


def run(track):
    vehicle = Vehicle("bus 7")
    for second, metres in track:
        vehicle.update(second, metres)
    return vehicle


def main():
    vehicle = run(TRACK)
    print(vehicle.name, vehicle.metres, vehicle.speed)


if __name__ == "__main__":
    main()
