from league import Row, relegated, table

SEASON = [Row("Rovers", 5, 3, 12), Row("United", 9, 1, 30), Row("Town", 5, 3, 17), Row("City", 2, 2, 8)]


def main() -> None:
    for place, row in enumerate(table(SEASON), 1):
        print(f"{place}. {row.team:<8}{row.points:>3}")
    print("down:", ", ".join(relegated(SEASON)))


if __name__ == "__main__":
    main()
