from vendors import Northwind, Southgate

VENDORS = {"northwind": Northwind(), "southgate": Southgate()}


def describe(product, vendor):
    answer = VENDORS[vendor].generate(f"describe {product['name']}")
    body = answer.content.strip()
    return {"sku": product["sku"], "text": body}


def describe_all(products):
    done = []
    for product in products:
        vendor = "southgate" if product["sku"].startswith("S") else "northwind"
        done.append(describe(product, vendor))
    return done
