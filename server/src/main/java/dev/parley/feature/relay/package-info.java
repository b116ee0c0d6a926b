/**
 * Relays for media that cannot go straight: addresses of STUN and TURN servers with credentials
 * that end by themselves; the one operation of the ACS Network Traversal contract, and the
 * configuration of the coturn that goes with it.
 *
 * <p>Keeps and publishes nothing: the relay itself checks a credential, by a secret that it shares
 * with Parley. Read {@link dev.parley.feature.relay.Relay} first.
 */
@NullMarked
package dev.parley.feature.relay;

import org.jspecify.annotations.NullMarked;
