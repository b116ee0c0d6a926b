/**
 * The management plane of email: {@code emailServices}, their domains, sender names and suppression
 * lists, and the SMTP user names of communication services. One row for each, found by its path;
 * what sending goes by is written in the same unit. Read {@link
 * dev.parley.feature.email.arm.EmailPlaces} first.
 */
@NullMarked
package dev.parley.feature.email.arm;

import org.jspecify.annotations.NullMarked;
