import json
import urllib.request


class Tracker:
    def __init__(self, base):
        self.base = base

    def state_of(self, parcel):
        with urllib.request.urlopen(f"{self.base}/parcels/{parcel}", timeout=10) as response:
            return json.loads(response.read().decode())["state"]

    def refresh(self, parcels):
        return {parcel: self.state_of(parcel) for parcel in parcels}
