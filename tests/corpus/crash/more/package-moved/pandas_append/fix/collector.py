import pandas as pd


class Collector:
    def __init__(self, columns):
        self._rows = pd.DataFrame({c: [] for c in columns})

    def push(self, row):
        self._rows = pd.concat([self._rows, pd.DataFrame([row])], ignore_index=True)

    def table(self):
        return self._rows

    def mean(self, station):
        chosen = self._rows[self._rows["station"] == station]
        return float(chosen["temp"].mean())
