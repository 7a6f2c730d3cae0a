import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { BodySink } from "../../exchange/body.ts";
import { WatchedSource } from "./watched-source.ts";

function watch(encoding?: string) {
  let inner: BodySink | undefined;
  const calls: string[] = [];
  const seen: string[] = [];
  const { promise: over, resolve } = Promise.withResolvers<boolean>();
  const source = new WatchedSource(
    {
      start: (sink) => void (inner = sink),
      resume: () => void calls.push("resume"),
      cancel: () => void calls.push("cancel"),
    },
    {
      chunk: (bytes) => void seen.push(Buffer.from(bytes).toString()),
      done: (complete) => {
        seen.push(complete ? "DONE" : "BROKEN");
        resolve(complete);
      },
    },
    encoding,
  );
  const received: unknown[] = [];
  source.start({
    write: (chunk) => {
      received.push(chunk);
      return received.length < 2;
    },
    end: () => received.push(`END after ${seen.at(-1)}`),
    fail: () => received.push("FAIL"),
  });
  return { source, sink: inner as unknown as BodySink, seen, received, calls, over };
}

describe("WatchedSource", () => {
  it("passes the very chunks on, with their back-pressure, and shows them", () => {
    const { sink, seen, received, source, calls } = watch();
    const first = Buffer.from("a");
    expect(sink.write(first)).toBe(true);
    expect(sink.write(Buffer.from("b"))).toBe(false);
    source.resume();
    expect(received[0]).toBe(first);
    expect(seen).toEqual(["a", "b"]);
    expect(calls).toEqual(["resume"]);
  });

  it("tells the end before the listener knows of it", () => {
    const { sink, received } = watch();
    sink.end();
    expect(received).toEqual(["END after DONE"]);
  });

  it("tells once how it ended", () => {
    const failed = watch();
    failed.sink.fail(new Error("lost"));
    expect(failed.received).toEqual(["FAIL"]);
    expect(failed.seen).toEqual(["BROKEN"]);
    const cancelled = watch();
    cancelled.source.cancel();
    cancelled.sink.fail(new Error("cancelled"));
    expect(cancelled.seen).toEqual(["BROKEN"]);
    expect(cancelled.calls).toEqual(["cancel"]);
  });

  it.each([
    ["gzip", gzipSync],
    [" BR ", brotliCompressSync],
    ["identity", (bytes: Buffer) => bytes],
  ] as const)("shows a body in %s decoded, and passes it on as it came", async (encoding, encode) => {
    const { sink, seen, received, over } = watch(encoding);
    const bytes = encode(Buffer.from("hello there"));
    sink.write(bytes);
    sink.end();
    expect(await over).toBe(true);
    expect(seen.join("")).toBe("hello thereDONE");
    expect(received[0]).toBe(bytes);
  });

  it.each(["gzip", "zstd"])("does no harm to a body that is not really %s", async (encoding) => {
    const { sink, seen, received, over } = watch(encoding);
    sink.write(Buffer.from("plain"));
    sink.end();
    expect(await over).toBe(false);
    expect(seen).toEqual(["BROKEN"]);
    expect(received).toHaveLength(2);
  });

  it("stops decoding what grows beyond measure", async () => {
    const { sink, seen, over } = watch("gzip");
    sink.write(gzipSync(Buffer.alloc(70 << 20)));
    expect(await over).toBe(false);
    expect(seen.join("").length).toBeLessThan(66 << 20);
  });
});
