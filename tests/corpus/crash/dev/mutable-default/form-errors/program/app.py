from forms import check_address, check_person, validate

REGISTRATIONS = [
    {"name": "", "email": "ann@example.org", "zip": "1234"},
    {"name": "Bob", "email": "bob@example.org", "zip": "1010"},
]


def main():
    results = [validate(data, check_person, check_address) for data in REGISTRATIONS]
    for data, errors in zip(REGISTRATIONS, results):
        print(data["email"], errors or "fine")
    assert results[1] == [], f"Bob's form is fine, but: {results[1]}"


if __name__ == "__main__":
    main()
