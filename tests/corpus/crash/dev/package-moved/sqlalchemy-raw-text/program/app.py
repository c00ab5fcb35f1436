from db import create_schema
from readings import average, store


def main():
    create_schema()
    store([{"sensor": "a", "value": 1.5}, {"sensor": "a", "value": 2.5}, {"sensor": "b", "value": 9.0}])
    for sensor in "abc":
        print(sensor, average(sensor))


if __name__ == "__main__":
    main()
