"""`callcenter` from the sources beside these tests, whatever is installed."""

from callcenter.cli import main

main()
