def decode(station, temperature, gust):
    """The shape of the weather service's answers."""
    return {
        "station": {"id": station, "height": 12},
        "current": {"temperature": temperature, "wind": {"speed": gust / 2, "gust": gust}},
        "units": {"temperature": "C", "wind": "m/s"},
    }
