from payroll import hours

LINES = ["ann 2024-05-01 22:00 06:30", "bo 2024-05-01 08:00 12:00", "ann 2024-05-03 09:00 10:00"]

if __name__ == "__main__":
    for worker, total in hours(LINES).items():
        print(f"{worker}: {total:.1f} h")
