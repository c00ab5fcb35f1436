PLAN = [
    (0.01, "kitchen", 21.0),
    (0.02, "bath", 23.5),
    (0.03, "bedroom", 17.0),
]
