import { describe, expect, it } from "vitest";
import type { BodySink, BodySource } from "../../exchange/body.ts";
import { Tee } from "./tee.ts";

function setup(limit = 100) {
  const calls: string[] = [];
  let sink: BodySink | undefined;
  const source: BodySource = {
    start: (given) => {
      sink = given;
    },
    resume: () => calls.push("resume"),
    cancel: (reason) => calls.push(`cancel ${reason?.message ?? ""}`),
  };
  const kept: string[] = [];
  const tee = new Tee(source, limit, (bytes) => kept.push(Buffer.from(bytes).toString()));
  const passed: string[] = [];
  tee.start({
    write(chunk) {
      passed.push(Buffer.from(chunk).toString());
      return passed.length < 2;
    },
    end: () => passed.push("end"),
    fail: (error) => passed.push(`fail ${error.message}`),
  });
  return { tee, calls, kept, passed, sink: sink as unknown as BodySink };
}

describe("Tee", () => {
  it("passes chunks on at once, with the back-pressure, and keeps them together", () => {
    const { tee, calls, kept, passed, sink } = setup();
    const chunk = Buffer.from("one");
    expect(sink.write(chunk)).toBe(true);
    expect(sink.write(Buffer.from("two"))).toBe(false);
    tee.resume();
    expect([passed, calls, kept]).toEqual([["one", "two"], ["resume"], []]);
    sink.end();
    expect([passed.at(-1), kept]).toEqual(["end", ["onetwo"]]);
  });

  it("keeps nothing of a body that breaks off", () => {
    const { kept, passed, sink } = setup();
    sink.write(Buffer.from("one"));
    sink.fail(new Error("lost"));
    expect([passed, kept]).toEqual([["one", "fail lost"], []]);
  });

  it("keeps nothing of a body that nobody wants any more", () => {
    const { tee, calls, kept, sink } = setup();
    tee.cancel(new Error("gone"));
    sink.end();
    expect([calls, kept]).toEqual([["cancel gone"], []]);
  });

  it("keeps nothing of a body over the limit, and passes it on all the same", () => {
    const { kept, passed, sink } = setup(5);
    sink.write(Buffer.from("1234"));
    sink.write(Buffer.from("56"));
    sink.write(Buffer.from("7"));
    sink.end();
    expect([passed, kept]).toEqual([["1234", "56", "7", "end"], []]);
  });

  it("keeps an empty body", () => {
    const { kept, sink } = setup();
    sink.end();
    expect(kept).toEqual([""]);
  });
});
