package dev.parley.feature.identity;

import java.time.Instant;
import java.util.Set;

/**
 * Whom an outside issuer's token proves, with the directory's guids in lower case.
 *
 * @param clientId the application that the user signed in to ({@code appid}, or {@code azp})
 * @param permissions words of {@code scp}
 */
record OutsideUser(
    String tenantId, String objectId, String clientId, Set<String> permissions, Instant expires) {}
