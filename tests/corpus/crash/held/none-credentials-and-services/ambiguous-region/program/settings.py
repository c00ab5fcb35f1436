SETTINGS = {
    "company": "Acme",
    "region_billing": "eu-west",
    "region_shipping": "us-east",
    "currency": "EUR",
}
