def tons(text):
    number, unit = text.split()
    return float(number) / {"t": 1, "kg": 1000}[unit]
