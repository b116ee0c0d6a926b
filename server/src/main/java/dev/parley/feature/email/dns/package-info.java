/** DNS as email needs it, asked of the configured resolvers; dnsjava does the work. */
@NullMarked
package dev.parley.feature.email.dns;

import org.jspecify.annotations.NullMarked;
