package dev.parley.feature.email;

import java.util.List;

/**
 * A written message that is to be accepted.
 *
 * @param recipients addresses of the envelope, each once
 * @param tracked whether openings and clicks are followed
 */
record NewMessage(
    MessageKey key,
    String bodyHash,
    String sender,
    SenderDomain domain,
    String internetId,
    List<String> recipients,
    MessageContent content,
    boolean tracked) {}
