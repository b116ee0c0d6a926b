package dev.parley.feature.chat;

import dev.parley.base.words.MessageId;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ThreadId;

/**
 * Every refusal of chat, in the service's words ({@code behaviour.md} section 3 of the contracts).
 */
final class ChatProblems {
  private ChatProblems() {}

  /** A stranger learns the same about a thread that exists and one that does not. */
  static Refusal notMember(ThreadId thread) {
    return forbidden("the caller is not in thread " + thread + ", or there is no such thread");
  }

  static Refusal notSender(MessageId message) {
    return forbidden("message " + message + " is not the caller's own");
  }

  static Refusal notUploader(String image) {
    return forbidden("image " + image + " was uploaded by someone else");
  }

  static Refusal tooManyForReceipts(int participantsMax) {
    return forbidden(
        "read receipts and typing stop at %d participants; see chat.receipt-participants-max"
            .formatted(participantsMax));
  }

  private static Refusal forbidden(String why) {
    return Refusal.of(403, "Forbidden", "User is not allowed to perform specified action.")
        .because(why);
  }

  static Refusal messageNotFound(String message) {
    return Refusal.of(404, "NotFound", "The chat message was not found.")
        .because("no visible message " + message);
  }

  static Refusal imageNotFound(String image) {
    return Refusal.of(404, "NotFound", "The image was not found.").because("no image " + image);
  }

  static Refusal threadGone() {
    return Refusal.of(404, "NotFound", "The chat thread was deleted.");
  }

  static Refusal missing(String member) {
    return bad(member, "The member '" + member + "' is required.");
  }

  static Refusal tooLong(String member, int charactersMax) {
    return bad(
        member,
        "The member '%s' must have at most %d characters.".formatted(member, charactersMax));
  }

  static Refusal messageTooLarge(int bytesMax) {
    return bad("content", "The message must have at most " + bytesMax + " bytes of UTF-8.");
  }

  static Refusal metadataTooLarge(int bytes) {
    return bad(
        "metadata",
        "The metadata have %d bytes; at most %d are allowed."
            .formatted(bytes, MetadataPatch.BYTES_MAX));
  }

  static Refusal badMetadata() {
    return bad("metadata", "The metadata must be an object of text values.");
  }

  static Refusal badType() {
    return bad("type", "A message that is sent must be of type text or html.");
  }

  static Refusal badRetention() {
    return bad(
        "retentionPolicy",
        "The retention policy must be of kind none, or of kind threadCreationDate with deleteThreadAfterDays from %d to %d."
            .formatted(Retention.DAYS_MIN, Retention.DAYS_MAX));
  }

  static Refusal tooManyAtOnce(int max) {
    return bad("participants", "At most " + max + " participants can be added at once.");
  }

  static Refusal threadFull(int max) {
    return bad("participants", "A chat thread has at most " + max + " participants.");
  }

  static Refusal badImage() {
    return bad("chatImageFile", "The image must be a JPEG, PNG, GIF, HEIC or WebP.");
  }

  static Refusal badImageView() {
    return bad("imageViewType", "The view must be original or small.");
  }

  static Refusal tooManyAttachments(int max) {
    return bad("attachments", "A message has at most " + max + " attachments.");
  }

  static Refusal unknownAttachment(String id) {
    return bad("attachments", "An attachment names no image of this thread.")
        .because("no image " + id);
  }

  private static Refusal bad(String target, String message) {
    return Refusal.of(400, "BadRequest", message).about(target);
  }
}
