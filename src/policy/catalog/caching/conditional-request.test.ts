import { describe, expect, it } from "vitest";
import { HeaderList } from "../../exchange/headers.ts";
import { CachedResponse } from "./cached-response.ts";
import { notModified } from "./conditional-request.ts";

const HEADERS = [
  ...["ETag", '"v1"'],
  ...["Last-Modified", "Mon, 05 Jan 2026 09:00:00 GMT"],
  ...["Content-Type", "text/plain"],
  ...["Cache-Control", "max-age=5"],
  ...["Vary", "Accept"],
];
const cached = (status = 200, headers: string[] = HEADERS) =>
  new CachedResponse(status, "", headers, Buffer.from("body"), Number.POSITIVE_INFINITY);

const ask = (headers: string[], response = cached()) => notModified(new HeaderList(headers), response);

describe("notModified", () => {
  it.each([
    [["If-None-Match", '"v1"']],
    [["If-None-Match", 'W/"v1"']],
    [["If-None-Match", '"v0", "v1"']],
    [["If-None-Match", "*"]],
    [["If-Modified-Since", "Mon, 05 Jan 2026 09:00:00 GMT"]],
    [["If-Modified-Since", "Tue, 06 Jan 2026 09:00:00 GMT"]],
  ])("is the answer to %j", (headers) => {
    const answer = ask(headers);
    expect(answer?.status).toBe(304);
    expect(answer?.body.absent).toBe(true);
    expect(answer?.headers.names().sort()).toEqual(["Cache-Control", "ETag", "Last-Modified", "Vary"]);
  });

  it.each([
    [[]],
    [["If-None-Match", '"v2"']],
    [["If-None-Match", "v1"]],
    [["If-Modified-Since", "Mon, 05 Jan 2026 08:59:59 GMT"]],
    [["If-Modified-Since", "yesterday"]],
    // If-None-Match decides where both are there.
    [["If-None-Match", '"v2"', "If-Modified-Since", "Tue, 06 Jan 2026 09:00:00 GMT"]],
  ])("is not the answer to %j", (headers) => {
    expect(ask(headers)).toBeUndefined();
  });

  it("needs validators and a 200", () => {
    expect(ask(["If-None-Match", '"v1"'], cached(200, []))).toBeUndefined();
    expect(ask(["If-Modified-Since", "Tue, 06 Jan 2026 09:00:00 GMT"], cached(200, []))).toBeUndefined();
    expect(ask(["If-None-Match", '"v1"'], cached(404))).toBeUndefined();
  });
});
