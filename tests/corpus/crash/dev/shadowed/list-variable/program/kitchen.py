class Kitchen:
    def __init__(self, work):
        self._work = work

    def stations(self):
        return list(self._work)

    def dishes(self, station):
        return [f"{order['dish']} ({order['table']})" for order in self._work[station]]
