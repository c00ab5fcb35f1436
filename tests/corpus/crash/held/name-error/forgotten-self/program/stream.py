from detector import Detector


def odd_values(values: list[float], **options: float) -> list[tuple[int, float]]:
    detector = Detector(**options)
    return [(at, value) for at, value in enumerate(values) if detector.is_odd(value)]
