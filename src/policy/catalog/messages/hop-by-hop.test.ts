import { describe, expect, it } from "vitest";
import { endToEndRequest, keepEndToEnd } from "./hop-by-hop.ts";

const raw = () => [
  ...["Accept", "*/*"],
  ...["connection", "keep-alive, X-Private"],
  ...["Keep-Alive", "timeout=5"],
  ...["Proxy-Connection", "keep-alive"],
  ...["TE", "trailers"],
  ...["Trailer", "X-Sum"],
  ...["Transfer-Encoding", "chunked"],
  ...["Upgrade", "h2c"],
  ...["Expect", "100-continue"],
  ...["Proxy-Authorization", "Basic x"],
  ...["Proxy-Authenticate", "Basic"],
  ...["x-private", "1"],
  ...["Content-Length", "3"],
  ...["X-Keep", "a"],
  ...["X-Keep", "b"],
];

describe("hop-by-hop fields", () => {
  it("are not sent to a backend, nor is the client's framing", () => {
    const received = raw();
    expect(endToEndRequest(received)).toEqual(["Accept", "*/*", "X-Keep", "a", "X-Keep", "b"]);
    expect(received).toEqual(raw());
  });

  it("are taken out of a response in place, its length stays", () => {
    const received = raw();
    keepEndToEnd(received);
    expect(received).toEqual(["Accept", "*/*", "Content-Length", "3", "X-Keep", "a", "X-Keep", "b"]);
  });

  it("may be none", () => {
    expect(endToEndRequest([])).toEqual([]);
    const plain = ["A", "1"];
    keepEndToEnd(plain);
    expect(plain).toEqual(["A", "1"]);
  });
});
