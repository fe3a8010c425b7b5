"""How many operators a stream of calls needs: Erlang B, C and A, goals and shrinkage. Pure.

Knows the standard library only. Callers come at random (a Poisson stream), calls last for an
exponential time, whoever waits is served in order. Erlang C has callers who never hang up, Erlang A
(Palm's) callers who do after an exponential time.
"""
