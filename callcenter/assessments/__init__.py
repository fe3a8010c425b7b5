"""How contacts are assessed: score cards, scores, fair samples, agreement of assessors. Pure."""
