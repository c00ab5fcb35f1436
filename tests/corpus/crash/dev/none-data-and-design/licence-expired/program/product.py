def start(licence):
    return f"started for {licence.owner}"
