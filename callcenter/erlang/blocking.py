"""Erlang B: how often every one of n lines is taken. The other formulas are built on it.

A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
telephone exchanges", 1917. By the recursion B(n) = a B(n-1) / (n + a B(n-1)), which neither loses
digits nor overflows, however many lines there are.
"""

from __future__ import annotations


def erlang_b(servers: int, load: float) -> float:
    """The share of calls that find `servers` lines taken, of `load` erlangs offered. Without a
    line it is every call."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
        if blocked == 0.0:
            return 0.0
    return blocked
