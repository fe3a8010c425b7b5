"""Adapters to the outside world beside the PBX: mail servers, gateways for short messages, other
systems' web addresses. Each stands behind a port; `bootstrap` builds them."""
