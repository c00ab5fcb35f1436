def table(days):
    for day in days:
        ratio = day.used_per_produced()
        yield f"{day.name} {'no sun' if ratio is None else format(ratio, '.2f')}"
