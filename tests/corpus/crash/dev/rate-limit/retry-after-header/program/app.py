import courier
from tracking import Tracker

if __name__ == "__main__":
    tracker = Tracker(courier.start())
    for parcel, state in tracker.refresh(["P1", "P2", "P3", "P4"]).items():
        print(parcel, state)
