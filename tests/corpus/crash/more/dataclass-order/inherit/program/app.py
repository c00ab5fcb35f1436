from events import Click, Event, describe


def main():
    for event in (Event("boot"), Click("press", source="ui", x=3, y=4)):
        print(describe(event))


if __name__ == "__main__":
    main()
