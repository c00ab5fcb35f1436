SAMPLES = {"checkout": [(120, 10), (480, 2)], "search": [(35, 100)]}
