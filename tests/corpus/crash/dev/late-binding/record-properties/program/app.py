from device import Thermostat


def main():
    unit = Thermostat({"target": 21.5, "mode": "heat", "fan": 2})
    print(unit.target, unit.mode, unit.fan)
    unit.mode = "cool"
    assert unit.mode == "cool" and unit.raw["mode"] == "cool"
    assert unit.target == 21.5, f"target is {unit.target}"
    print(unit.raw)


if __name__ == "__main__":
    main()
