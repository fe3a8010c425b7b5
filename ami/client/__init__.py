"""The manager link: panoramisk behind an adapter, with its faults mended in subclasses.

`AmiLink` is the only name the rest of the door needs. What was mended, and why, is listed in
docs/field-notes-ami.md by the fault numbers (P2…P18) that the tests carry.
"""
