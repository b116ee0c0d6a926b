package dev.parley.feature.email;

import dev.parley.base.words.ResourceId;

/**
 * A domain that a communication resource may send from.
 *
 * @param service id of the email service that owns it
 * @param name the domain's name in its service
 * @param domain what stands behind the @, lower-case
 * @param tracking whether openings and clicks of its messages are followed
 */
public record SenderDomain(ResourceId service, String name, String domain, boolean tracking) {}
