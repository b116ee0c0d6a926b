/**
 * Who may do what, and who did: roles and their assignments at subscriptions, resource groups and
 * resources ({@code Microsoft.Authorization}), the check of every call by a principal, and the
 * activity log ({@code Microsoft.Insights}).
 *
 * <p>Publishes {@link dev.parley.base.event.AdminEvent.RolesChanged}. Read {@link
 * dev.parley.feature.access.Access} first.
 */
@NullMarked
package dev.parley.feature.access;

import org.jspecify.annotations.NullMarked;
