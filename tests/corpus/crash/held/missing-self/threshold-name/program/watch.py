from alarms import Alarm
from readings import window

VALUES = [20.0, 21.5, 30.5, 31.0, 33.0, 25.0, 20.5]


def run(values):
    alarm = Alarm(threshold=30.0, needed=2)
    for part in window(values, 3):
        alarm.see(part)
    return alarm


def main():
    alarm = run(VALUES)
    print("alarms:", alarm.raised)
    print("highest:", alarm.highest)


if __name__ == "__main__":
    main()
