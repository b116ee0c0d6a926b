/**
 * How much may go to a viewer, and what: the estimate of the bandwidth, probing, pacing, and the
 * choice of layers. Pure: no socket; the time comes in as nanoseconds of any steady clock. Each
 * object belongs to one connection and one thread.
 *
 * <p>The estimate follows draft-ietf-rmcat-gcc-02 (delay gradient, loss) with a trend line in place
 * of its Kalman filter. Read {@link dev.parley.media.control.BandwidthEstimator} first.
 */
@NullMarked
package dev.parley.media.control;

import org.jspecify.annotations.NullMarked;
