def total(period):
    return sum(day.day % 7 for day in period.days())
