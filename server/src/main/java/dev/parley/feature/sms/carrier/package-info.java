/**
 * Carriers: everything that takes messages to handsets and brings theirs back. SMPP 3.4 binds, HTTP
 * providers by configuration, and the SMPP server through which older applications submit.
 *
 * <p>Knows nothing of queues, opt-outs or tenants. Read {@link
 * dev.parley.feature.sms.carrier.Carrier} first.
 */
@NullMarked
package dev.parley.feature.sms.carrier;

import org.jspecify.annotations.NullMarked;
