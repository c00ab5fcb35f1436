"""The stations that the service knows, and which of them a place is nearest to."""
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Station:
    name: str
    latitude: float
    longitude: float
    retired: bool = False


STATIONS = [
    Station("harbour", 54.32, 10.14),
    Station("airport", 54.38, 10.15),
    Station("old mill", 54.29, 10.02, retired=True),
]


def distance(station, latitude, longitude):
    """Kilometres, good enough within one town."""
    north = (station.latitude - latitude) * 111.2
    east = (station.longitude - longitude) * 111.2 * math.cos(math.radians(latitude))
    return math.hypot(north, east)


def nearest(latitude, longitude):
    usable = [station for station in STATIONS if not station.retired]
    return min(usable, key=lambda station: distance(station, latitude, longitude))
