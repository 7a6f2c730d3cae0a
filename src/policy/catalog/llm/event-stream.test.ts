import { describe, expect, it } from "vitest";
import { EventStream, eventData, eventJson } from "./event-stream.ts";

/** The events of a text that arrives in pieces of so many bytes, and what is left. */
function divide(text: string, size: number): { events: string[]; rest: string; lost: boolean } {
  const stream = new EventStream();
  const bytes = Buffer.from(text);
  const events: string[] = [];
  for (let from = 0; from < bytes.length; from += size) {
    stream.push(bytes.subarray(from, from + size), (event) => events.push(Buffer.from(event).toString()));
  }
  return { events, rest: Buffer.from(stream.rest()).toString(), lost: stream.lost };
}

describe("EventStream", () => {
  const text = ': ping\n\ndata: one\n\n\r\nevent: x\r\ndata: {"ä": 1}\r\ndata: 2\r\n\r\n\n\ndata: open\n';

  it.each([1, 2, 3, 7, 1000])("divides a stream the same in pieces of %d bytes, and loses nothing", (size) => {
    const { events, rest } = divide(text, size);
    expect(events).toEqual([": ping\n\n", "data: one\n\n", '\r\nevent: x\r\ndata: {"ä": 1}\r\ndata: 2\r\n\r\n']);
    expect(events.join("") + rest).toBe(text);
    expect(rest).toBe("\n\ndata: open\n");
  });

  it("drops an event that is too long, says so, and finds the next", () => {
    const { events, lost } = divide(`data: ${"x".repeat(2 << 20)}\n\ndata: y\n\n`, 60_000);
    expect(events).toEqual(["data: y\n\n"]);
    expect(lost).toBe(true);
  });

  it("does not take blank lines for events", () => {
    expect(divide("\n".repeat(10_000), 100).events).toEqual([]);
  });
});

describe("eventData", () => {
  it.each([
    ["data: one\n\n", "one"],
    ["data:one\ndata:  two\r\n\n", "one\n two"],
    [": comment\n\n", ""],
    ["event: x\nid: 7\n\n", ""],
    ["data\n\n", ""],
  ])("reads %j", (event, data) => {
    expect(eventData(Buffer.from(event))).toBe(data);
  });

  it("reads JSON objects and nothing else", () => {
    const read = (text: string) => eventJson(Buffer.from(text));
    expect(read('data: {"a":1}\n\n')).toEqual({ a: 1 });
    expect(read("data: [DONE]\n\n")).toBeUndefined();
    expect(read("data: {broken\n\n")).toBeUndefined();
    expect(read("\n")).toBeUndefined();
  });
});
