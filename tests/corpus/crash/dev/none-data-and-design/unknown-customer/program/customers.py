def load_customers(path):
    customers = {}
    for line in path.read_text().splitlines():
        number, name, country = line.split("|")
        customers[number] = {"name": name, "country": country}
    return customers
