from meter import Meter


def main():
    meter = Meter()
    for volts in (229.5, 231.0, 230.1):
        meter.sample(volts)
    print(round(meter.average(), 2))


if __name__ == "__main__":
    main()
