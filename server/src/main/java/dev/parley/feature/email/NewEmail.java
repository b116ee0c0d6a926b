package dev.parley.feature.email;

import dev.parley.protocol.mime.MimeAddress;
import dev.parley.protocol.mime.MimeFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message as a caller gives it.
 *
 * @param operationId chosen by the caller, in any case
 * @param bodyHash tells a repeat from another message under the same id
 * @param trackingOff whether openings and clicks are not followed although the domain's are
 */
record NewEmail(
    Optional<String> operationId,
    String bodyHash,
    String sender,
    List<MimeAddress> to,
    List<MimeAddress> cc,
    List<MimeAddress> bcc,
    List<MimeAddress> replyTo,
    String subject,
    String plainText,
    String html,
    List<MimeFile> files,
    Map<String, String> headers,
    boolean trackingOff) {}
