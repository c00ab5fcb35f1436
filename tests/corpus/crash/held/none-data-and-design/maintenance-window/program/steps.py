STEPS = [
    ("collect", lambda: 12),
    ("settle", lambda: 3),
]
