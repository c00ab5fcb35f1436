from events import Event, agenda

EVENTS = [
    Event("stand-up", "2024-05-06T09:00", 15),
    Event("retro", "2024-05-06T15:30", 60),
    Event("release", "2024-05-07T10:00", 45),
]


def main():
    for day, lines in agenda(EVENTS).items():
        print(day, *lines, sep="\n  ")


if __name__ == "__main__":
    main()
