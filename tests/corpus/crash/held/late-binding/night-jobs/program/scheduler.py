class Scheduler:
    def __init__(self):
        self.jobs = []

    def at(self, hour, name):
        def register(function):
            self.jobs.append((hour, name, function))
            return function
        return register

    def run_due(self, hour):
        return {name: function() for due, name, function in self.jobs if due == hour}
