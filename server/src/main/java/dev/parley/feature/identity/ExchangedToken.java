package dev.parley.feature.identity;

/** A token of ours in exchange for an outside issuer's. */
record ExchangedToken(UserKey user, UserToken token) {}
