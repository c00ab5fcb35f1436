import datetime


def names(tables, day):
    return [f"{table}/{day:%Y/%m/%d}.sql.gz" for table in tables]


def today():
    return datetime.date(2024, 3, 1)
