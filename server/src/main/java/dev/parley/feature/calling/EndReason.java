package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;

/**
 * Why a call, somebody's part in it or a request ended, with the codes of ACS's calling SDK ({@code
 * docs/calling-protocol.md} has the table).
 *
 * @param subCode 0 where ACS has none
 */
public record EndReason(int code, int subCode, Category category, String message) {
  /** Whose fault it was, as the calling SDK's {@code resultCategories} say it. */
  public enum Category {
    SUCCESS("Success"),
    EXPECTED("ExpectedError"),
    CLIENT("UnexpectedClientError"),
    SERVER("UnexpectedServerError");

    private final String word;

    Category(String word) {
      this.word = word;
    }

    /** ACS's spelling. */
    public String word() {
      return word;
    }
  }

  static final EndReason LEFT = success(0, 0, "The participant left.");
  static final EndReason ENDED_FOR_ALL = success(0, 4097, "The call was ended for everybody.");
  static final EndReason GONE = expected(0, 4521, "The participant went without a word.");
  static final EndReason REMOVED = success(0, 5000, "Another participant removed this one.");
  static final EndReason REMOVED_BY_SERVER = success(0, 5300, "The application removed this one.");
  static final EndReason ROLE_CHANGED = expected(0, 5317, "Removed since the role changed.");
  static final EndReason ENDED_BY_SERVER = success(0, 7000, "The application ended the call.");
  static final EndReason NOT_VOIP = client(403, 0, "The token has no scope of calling.");
  static final EndReason BAD_TOKEN = client(401, 10009, "The token is invalid or has expired.");
  static final EndReason NOT_INVITED =
      client(403, 5828, "The user is not on the invitee list of the room.");
  static final EndReason NOT_VALID = client(403, 5829, "The room may not be joined at this time.");
  static final EndReason LOBBY_DENIED = expected(403, 5854, "Nobody was let in from the lobby.");
  static final EndReason LOBBY_TIMEOUT = expected(408, 0, "Waited in vain in the lobby.");
  static final EndReason NO_SUCH_ROOM = client(404, 5732, "There is no such room.");
  static final EndReason NO_SUCH_CALL = client(404, 0, "There is no such call.");
  static final EndReason NO_SUCH_PARTICIPANT = client(404, 0, "There is no such participant.");
  static final EndReason NOBODY_THERE =
      expected(480, 10037, "Nobody of those who are called is connected.");
  static final EndReason BUSY = expected(486, 0, "The callee is busy.");
  static final EndReason CANCELLED = success(487, 0, "The caller gave up.");
  static final EndReason ACCEPTED_ELSEWHERE =
      success(487, 10003, "The call was accepted on another endpoint.");
  static final EndReason NO_ANSWER = expected(487, 10004, "The call rang in vain.");
  static final EndReason DECLINED = success(603, 0, "The callee declined.");
  static final EndReason SERVER_FAILED = server(500, 0, "The server failed or was restarted.");
  static final EndReason BAD_SDP = client(410, 3111, "The SDP could not be processed.");
  static final EndReason TOO_MANY = client(429, 0, "Too many requests.");
  static final EndReason TOO_BUSY = server(503, 0, "The call has too much to do at the moment.");
  static final EndReason FULL = expected(403, 0, "The call is full.");

  static EndReason success(int code, int subCode, String message) {
    return new EndReason(code, subCode, Category.SUCCESS, message);
  }

  static EndReason expected(int code, int subCode, String message) {
    return new EndReason(code, subCode, Category.EXPECTED, message);
  }

  static EndReason client(int code, int subCode, String message) {
    return new EndReason(code, subCode, Category.CLIENT, message);
  }

  static EndReason server(int code, int subCode, String message) {
    return new EndReason(code, subCode, Category.SERVER, message);
  }

  ObjectNode json() {
    return Json.mapper()
        .createObjectNode()
        .put("code", code)
        .put("subCode", subCode)
        .put("category", category.word())
        .put("message", message);
  }
}
