"""`python -m builder` is `guide`."""

from builder.commands import main

main()
