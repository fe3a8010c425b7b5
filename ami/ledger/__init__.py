"""The ledger's reader: follows the PBX's channel event log and hands over whole calls.

`forward` is the part that can run beside a PBX on another machine, by itself.
"""
