from weather import summary

ROWS = [{"city": "Oslo", "temp_min": -4, "temp_max": 1}, {"city": "Rome", "temp_min": 9, "temp_max": 17}]


def main():
    for line in summary(ROWS):
        print(line)


main()
