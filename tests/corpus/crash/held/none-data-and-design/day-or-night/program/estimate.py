def yearly(contract, kilowatt_hours):
    return round(contract.base + contract.rate * kilowatt_hours, 2)
