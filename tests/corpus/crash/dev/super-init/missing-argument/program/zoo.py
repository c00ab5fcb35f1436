from sensors import CalibratedSensor
from gauges import Sensor


def build():
    return [
        Sensor("pond", "cm"),
        CalibratedSensor("aquarium", "°C", offset=-0.5),
        CalibratedSensor("reptiles", "°F", offset=1.0, factor=1.01),
    ]


def main():
    for sensor in build():
        sensor.take(20.0)
        print(sensor)


if __name__ == "__main__":
    main()
