package dev.parley.feature.siprouting;

/**
 * Where calls leave to, or come from.
 *
 * @param fqdn its name as the caller wrote it, which clients look for letter by letter
 * @param port of SIP signalling
 * @param enabled whether calls are sent there
 */
public record SipTrunk(String fqdn, int port, boolean enabled) {}
