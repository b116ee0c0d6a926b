import type { CallRating, CallSurvey, CallSurveyFeature, CallSurveyResponse } from "../api/index.js";
import { CallingError } from "../call/errors.js";
import type { CallContext } from "../call/internal.js";

/** Sends a survey, in the call or within 30 minutes after it. It becomes part of the call's record. */
export function callSurvey(context: CallContext): CallSurveyFeature {
  return {
    name: "CallSurvey",
    async submitSurvey(survey: CallSurvey): Promise<CallSurveyResponse> {
      const ratings = [survey?.overallRating, survey?.audioRating, survey?.videoRating, survey?.screenshareRating].filter(
        (rating) => rating !== undefined,
      );
      if (ratings.length === 0) throw new CallingError(400, 0, "A survey has at least one rating.");
      ratings.forEach(check);
      const { id, callId, participantId } = await context.request("survey", { survey });
      return { ...survey, id, callId, localParticipantId: participantId };
    },
    dispose: () => {},
  };
}

/** Scores are from 1 to 5 unless the survey brings its own scale, of 0 to 100 at most. */
function check(rating: Pick<CallRating<never>, "score" | "scale">): void {
  const { lowerBound, upperBound, lowScoreThreshold } = rating.scale ?? { lowerBound: 1, upperBound: 5, lowScoreThreshold: 2 };
  const scaleIsSound =
    lowerBound >= 0 && upperBound <= 100 && lowerBound < upperBound && lowScoreThreshold >= lowerBound && lowScoreThreshold <= upperBound;
  if (!scaleIsSound) throw new CallingError(400, 0, "The scale of a rating lies within 0 and 100, and its threshold within the scale.");
  if (!(Number.isFinite(rating.score) && rating.score >= lowerBound && rating.score <= upperBound))
    throw new CallingError(400, 0, `The score ${rating.score} is not from ${lowerBound} to ${upperBound}.`);
}
