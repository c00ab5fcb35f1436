from records import record


@record("target", "mode", "fan", readonly=["serial"])
class Thermostat:
    def __init__(self, raw):
        self.raw = {"serial": "T-1", **raw}
