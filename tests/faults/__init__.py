"""The fault harness: calls run all the time while parts of the product, its servers, its links, its
disks and the PBX itself fail; afterwards every call is compared with Asterisk's own records.

`python -m tests.faults --help` (or `make faults`). Nothing here uses the product's own reading of
calls: what is true comes from `witness`, which has rules of its own.
"""
