"""The manager link: panoramisk behind an adapter, with its faults mended in subclasses.

`AmiLink` is the only name the rest of the door needs. What was mended, where, and which test shows
it stands in docs/manager-link.md, by the fault numbers (P2…P18) that the tests carry.
"""
