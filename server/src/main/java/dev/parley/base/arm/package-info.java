/**
 * What every feature with a management plane shares: the contract of the Azure Resource Manager as
 * its clients know it. Ids and paths that match in any case, authorisation by role at a scope,
 * locks, long-running operations with both header styles, etags, tags, paging, the activity log.
 *
 * <p>A feature makes its routes with {@link dev.parley.base.arm.Arm#route}, and lists its tracked
 * resources with {@link dev.parley.base.arm.Arm#keeps}. Read {@code Arm} first.
 */
@NullMarked
package dev.parley.base.arm;

import org.jspecify.annotations.NullMarked;
