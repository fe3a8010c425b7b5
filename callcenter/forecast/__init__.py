"""How many calls will come, from those that came in the last weeks. Pure.

Knows the standard library and `callcenter.hours`; what was counted comes in, expectations go out.
"""
