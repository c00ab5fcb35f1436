import pandas as pd


class Sales:
    def __init__(self, rows):
        self.frame = pd.DataFrame(rows, columns=["name", "count"])

    def totals(self):
        grouped = self.frame.groupby("name")["count"].sum()
        return {name: int(total) for name, total in grouped.iteritems()}

    def labels(self):
        return self.frame.applymap(str).values.tolist()
