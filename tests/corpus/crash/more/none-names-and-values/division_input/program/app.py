from circuit import Circuit


def main():
    circuit = Circuit.parse("U=12 R=0")
    print(circuit.current())


main()
