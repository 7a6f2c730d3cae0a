import { describe, expect, it } from "vitest";
import type { BodySink } from "../../exchange/body.ts";
import { type Gate, GatedSource } from "./gated-source.ts";

const event = (text: string) => `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`;
const turn = () => new Promise((resolve) => setImmediate(resolve));

function gated(gate: Partial<Gate> = {}, room = Number.POSITIVE_INFINITY) {
  let inner: BodySink | undefined;
  const calls: string[] = [];
  const checked: string[] = [];
  let stopped = false;
  const source = new GatedSource(
    {
      start: (sink) => void (inner = sink),
      resume: () => void calls.push("resume"),
      cancel: () => void calls.push("cancel"),
    },
    {
      size: 10,
      overlap: 0,
      allows: async (text) => {
        checked.push(text);
        return !text.includes("bad");
      },
      stopped: () => void (stopped = true),
      ...gate,
    },
  );
  let received = "";
  source.start({
    write: (chunk) => {
      received += Buffer.from(chunk).toString();
      return --room > 0;
    },
    end: () => void (received += "END"),
    fail: () => void (received += "FAIL"),
  });
  return {
    source,
    checked,
    calls,
    write: (text: string) => (inner as BodySink).write(Buffer.from(text)),
    end: () => (inner as BodySink).end(),
    fail: () => (inner as BodySink).fail(new Error("lost")),
    resume(more: number) {
      room = more;
      source.resume();
    },
    get received() {
      return received;
    },
    get stopped() {
      return stopped;
    },
  };
}

describe("GatedSource", () => {
  it("holds events back until their window is full and checked", async () => {
    const gate = gated();
    expect(gate.write(event("12345"))).toBe(true);
    expect(gate.received).toBe("");
    expect(gate.write(event("67890"))).toBe(false);
    await turn();
    expect(gate.received).toBe(event("12345") + event("67890"));
    expect(gate.checked).toEqual(["1234567890"]);
    expect(gate.calls).toEqual(["resume"]);
    gate.write(event("abc"));
    gate.end();
    await turn();
    expect(gate.received).toBe(`${event("12345")}${event("67890")}${event("abc")}END`);
    expect(gate.checked).toEqual(["1234567890", "abc"]);
  });

  it("lets events without text pass at once, where nothing is held before them", async () => {
    const gate = gated();
    gate.write(": ping\n\n");
    expect(gate.received).toBe(": ping\n\n");
    gate.write(`${event("1")}: ping\n\n`);
    expect(gate.received).toBe(": ping\n\n");
    gate.end();
    await turn();
    expect(gate.received).toBe(`: ping\n\n${event("1")}: ping\n\nEND`);
  });

  it("ends where the text is objectionable, and lets go of the source", async () => {
    const gate = gated();
    gate.write(event("0123456789") + event("very bad!!") + event("0123456789"));
    await turn();
    await turn();
    expect(gate.received).toBe(`${event("0123456789")}END`);
    expect(gate.checked).toEqual(["0123456789", "very bad!!"]);
    expect(gate.calls).toEqual(["cancel"]);
    expect(gate.stopped).toBe(true);
  });

  it.each([1, 5, 1000])("stops at the same place when the stream comes in pieces of %d bytes", async (size) => {
    const gate = gated();
    const stream = Buffer.from(event("0123456789") + event("4567890123") + event("bad") + event("tail"));
    for (let from = 0; from < stream.length; from += size) gate.write(stream.subarray(from, from + size).toString());
    gate.end();
    for (let i = 0; i < 5; i++) await turn();
    expect(gate.received).toBe(`${event("0123456789")}${event("4567890123")}END`);
  });

  it("ends as well where nobody can tell", async () => {
    const gate = gated({ allows: () => Promise.reject(new Error("away")) });
    gate.write(event("harmless"));
    gate.end();
    await turn();
    expect(gate.received).toBe("END");
    expect(gate.stopped).toBe(true);
  });

  it("checks the end of a window with the next one again", async () => {
    const gate = gated({ overlap: 4 });
    gate.write(event("12345678ba"));
    await turn();
    gate.write(event("d...."));
    gate.end();
    await turn();
    expect(gate.checked).toEqual(["12345678ba", "78bad...."]);
    expect(gate.received).toBe(`${event("12345678ba")}END`);
  });

  it("checks a text longer than the window in parts", async () => {
    const gate = gated({ overlap: 2 });
    gate.write(event("1234567890abcdefghij"));
    gate.end();
    await turn();
    expect(gate.checked).toEqual(["1234567890", "90abcdefgh", "ghij"]);
    expect(gate.received).toBe(`${event("1234567890abcdefghij")}END`);
  });

  it("passes what was cleared no faster than the listener takes it", async () => {
    const gate = gated({}, 1);
    gate.write(event("12345") + event("67890"));
    await turn();
    expect(gate.received).toBe(event("12345"));
    expect(gate.calls).toEqual([]);
    gate.end();
    gate.resume(9);
    expect(gate.received).toBe(`${event("12345")}${event("67890")}END`);
  });

  it("does not lose what arrives while a check runs", async () => {
    const gate = gated();
    gate.write(event("0123456789"));
    gate.write(event("abc"));
    gate.end();
    await turn();
    await turn();
    expect(gate.received).toBe(`${event("0123456789")}${event("abc")}END`);
    expect(gate.checked).toEqual(["0123456789", "abc"]);
  });

  it("checks an event that never got its blank line", async () => {
    const gate = gated();
    gate.write(event("bad").trimEnd());
    gate.end();
    await turn();
    expect(gate.received).toBe("END");
  });

  it("stops at an event too long to be kept", async () => {
    const gate = gated();
    gate.write(`data: ${"x".repeat(2 << 20)}`);
    expect(gate.received).toBe("END");
    expect(gate.stopped).toBe(true);
  });

  it("breaks off where the source does, and passes nothing unchecked", async () => {
    const gate = gated();
    gate.write(event("12345"));
    gate.fail();
    expect(gate.received).toBe("FAIL");
    await turn();
    expect(gate.checked).toEqual([]);
  });

  it("does nothing after the listener has gone", async () => {
    const gate = gated();
    gate.write(event("0123456789"));
    gate.source.cancel();
    await turn();
    expect(gate.received).toBe("");
    expect(gate.calls).toEqual(["cancel"]);
    expect(gate.stopped).toBe(false);
  });
});
