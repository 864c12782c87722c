"""Attacks what reads: any bytes must give entries or French messages, soon and in little memory.

`targets` says what is attacked and what must hold, `grammar` writes inputs, `guard` bounds time and
memory, `campaign` is one target under atheris, and `python -m fuzz` runs them one after the other.
"""
