"""`minsheng`, and `python -m minsheng_ledger`."""

from api.cli.main import main

if __name__ == "__main__":
    main()
