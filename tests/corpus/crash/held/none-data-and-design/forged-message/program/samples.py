from envelope import seal

MESSAGES = [
    seal({"order": 1, "amount": 20}),
    seal({"order": 2, "amount": 30}).replace("30", "3000"),
]
