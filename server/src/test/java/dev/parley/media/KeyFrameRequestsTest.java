package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Many ask, few requests go out, and who comes alone does not wait. */
class KeyFrameRequestsTest {
  private static final long MILLISECOND = 1_000_000;

  private final KeyFrameRequests requests = new KeyFrameRequests();

  private boolean take(long milliseconds) {
    return requests.take(milliseconds * MILLISECOND);
  }

  @Test
  void nothingGoesOutWhenNobodyAsks() {
    assertFalse(take(0));
    requests.want();
    requests.answered();
    assertFalse(take(10_000));
  }

  @Test
  void theFirstGoesAtOnceAndStandsForAll() {
    for (var viewer = 0; viewer < 1_000; viewer++) {
      requests.want();
    }
    assertTrue(take(0));
    assertFalse(take(0));
    requests.answered();
    assertFalse(take(10_000));
  }

  @Test
  void whoComesAfterTheAnswerWaitsForASenderThatHasJustMadeOne() {
    requests.want();
    assertTrue(take(0));
    requests.answered();
    requests.want();
    assertFalse(take(349));
    assertTrue(take(350));
  }

  @Test
  void whatIsNotAnsweredIsAskedAgain() {
    requests.want();
    assertTrue(take(0));
    requests.want();
    assertFalse(take(699));
    assertTrue(take(700));
    assertFalse(take(1_399));
    assertTrue(take(1_400));
  }

  @Test
  void aStormOfViewersGetsTwoASecond() {
    var asked = 0;
    for (var now = 0; now < 20_000; now++) {
      requests.want();
      if (take(now)) {
        asked++;
        requests.answered();
      }
    }
    assertTrue(asked >= 40 && asked <= 41, asked + " in 20 s");
    // After a pause there is one in advance again, and no more than one.
    for (var due : new int[] {60_000, 60_350, 60_700, 61_050, 61_500, 62_000}) {
      requests.want();
      assertTrue(due == 60_000 || !take(due - 1));
      assertTrue(take(due));
      requests.answered();
    }
  }
}
