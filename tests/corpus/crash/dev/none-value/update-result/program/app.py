from printer import Printer

if __name__ == "__main__":
    printer = Printer()
    printer.submit("menu", 3, copies=40, duplex=True)
    printer.submit("poster", 1, colour="red")
    print(printer.sheets, printer.log)
