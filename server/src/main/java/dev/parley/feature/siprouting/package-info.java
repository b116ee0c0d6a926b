/**
 * SIP routing: which trunks a resource has, and which numbers go over which of them; every
 * operation of the ACS SIP Routing contract. Telephony asks {@code SipRouting} where a call goes.
 *
 * <p>A configuration is one row of its resource, read and written whole. Publishes nothing. Read
 * {@link dev.parley.feature.siprouting.SipRouting} first.
 */
@NullMarked
package dev.parley.feature.siprouting;

import org.jspecify.annotations.NullMarked;
