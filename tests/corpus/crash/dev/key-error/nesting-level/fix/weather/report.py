WARN_GUST = 20


def summary(answer):
    wind = answer["current"]["wind"]
    warning = " (storm)" if wind["gust"] >= WARN_GUST else ""
    return f"{answer['station']['id']}: {answer['current']['temperature']} {answer['units']['temperature']}, {wind['speed']:.0f} {answer['units']['wind']}{warning}"


def mean_temperature(answers):
    values = [a["current"]["temperature"] for a in answers]
    return sum(values) / len(values)
