"""`python -m copycar`, which torchrun needs: the same as `copycar`."""

from copycar.cli.main import main

if __name__ == "__main__":
    main()
