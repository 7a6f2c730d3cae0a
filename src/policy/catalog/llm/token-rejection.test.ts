import { expect, it } from "vitest";
import { inWords, tokenLimitExceeded, tokenQuotaExceeded } from "./token-rejection.ts";

it.each([
  [1293, "21 minutes and 33 seconds"],
  [1, "1 second"],
  [60, "1 minute"],
  [61, "1 minute and 1 second"],
  [3600, "1 hour"],
  [7201, "2 hours and 1 second"],
  [90_061, "1 day, 1 hour, 1 minute and 1 second"],
  [30 * 86_400, "30 days"],
  [0, "0 seconds"],
])("says %d seconds as %j", (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});

it("tells the wait in the text and in the header that it is given", () => {
  expect(tokenLimitExceeded(41, "X-Wait")).toMatchObject({
    status: 429,
    reason: "TokenLimitExceeded",
    message: "Token limit is exceeded. Try again in 41 seconds.",
    headers: ["X-Wait", "41"],
  });
  expect(tokenQuotaExceeded(1293, "Retry-After")).toMatchObject({
    status: 403,
    reason: "TokenQuotaExceeded",
    message: "Token quota is exceeded. Try again in 21 minutes and 33 seconds.",
    headers: ["Retry-After", "1293"],
  });
  expect(tokenQuotaExceeded(undefined, "Retry-After")).toMatchObject({
    message: "Token quota is exceeded.",
    headers: [],
  });
});
