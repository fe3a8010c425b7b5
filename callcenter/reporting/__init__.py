"""Reports as people open them: which questions there are, what an address asks, how an answer is
drawn, and when one goes out by mail. Pure."""
