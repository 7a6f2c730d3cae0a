import { describe, expect, it } from "vitest";
import { Body, type BodySink } from "../../exchange/body.ts";
import { ResponseMessage } from "../../exchange/message.ts";
import { readAhead } from "./read-ahead.ts";

/** A response whose body a test delivers by hand. */
function streaming(announced?: number) {
  let sink: BodySink | undefined;
  const calls: string[] = [];
  const source = {
    start: (started: BodySink) => void (sink = started),
    resume: () => void calls.push("resume"),
    cancel: () => void calls.push("cancel"),
  };
  const response = new ResponseMessage(200);
  response.body = Body.stream(source, announced);
  return {
    response,
    calls,
    write: (text: string) => sink?.write(Buffer.from(text)),
    end: () => sink?.end(),
    fail: () => sink?.fail(new Error("lost")),
  };
}

/** Starts the body as a listener does; `room` is how many chunks it takes before it says stop. */
function listen(response: ResponseMessage, room = Number.POSITIVE_INFINITY) {
  const received: string[] = [];
  const { source } = response.body.take();
  source?.start({
    write: (chunk) => {
      received.push(Buffer.from(chunk).toString());
      return --room > 0;
    },
    end: () => received.push("END"),
    fail: () => received.push("FAIL"),
  });
  return {
    received,
    resume(more: number) {
      room = more;
      source?.resume();
    },
    source,
  };
}

describe("readAhead", () => {
  it("brings a body into memory", async () => {
    const { response, write, end } = streaming();
    const reading = readAhead(response, 10);
    write("one ");
    write("two");
    end();
    expect(Buffer.from((await reading) as Uint8Array).toString()).toBe("one two");
    expect(response.body.buffered).toBeDefined();
    expect(response.body.source).toBeUndefined();
  });

  it("gives what is in memory, and nothing where there is nothing", async () => {
    const response = new ResponseMessage(200);
    expect(await readAhead(response, 10)).toBeUndefined();
    response.body = Body.text("x");
    expect(await readAhead(response, 0)).toEqual(Buffer.from("x"));
  });

  it("leaves a body alone that is announced as too long", async () => {
    const { response, write } = streaming(11);
    expect(await readAhead(response, 10)).toBeUndefined();
    const { received } = listen(response);
    write("a");
    expect(received).toEqual(["a"]);
  });

  it("lets a body go on to stream that turns out too long, in order and with its back-pressure", async () => {
    const { response, write, end, calls } = streaming();
    const reading = readAhead(response, 3);
    expect(write("ab")).toBe(true);
    expect(write("cd")).toBe(false);
    expect(await reading).toBeUndefined();
    const listener = listen(response, 1);
    expect(listener.received).toEqual(["ab"]);
    expect(calls).toEqual([]);
    listener.resume(2);
    expect(listener.received).toEqual(["ab", "cd"]);
    expect(calls).toEqual(["resume"]);
    expect(write("ef")).toBe(false);
    listener.resume(9);
    expect(write("gh")).toBe(true);
    end();
    expect(listener.received).toEqual(["ab", "cd", "ef", "gh", "END"]);
  });

  it("ends after what it holds, also where the source has ended before anybody listened", async () => {
    const { response, write, end } = streaming();
    const reading = readAhead(response, 1);
    write("ab");
    expect(await reading).toBeUndefined();
    write("cd");
    end();
    const listener = listen(response, 1);
    expect(listener.received).toEqual(["ab"]);
    listener.resume(9);
    expect(listener.received).toEqual(["ab", "cd", "END"]);
  });

  it("lets a body that breaks off break off for the listener as well, after what came", async () => {
    const { response, write, fail } = streaming();
    const reading = readAhead(response, 10);
    write("ab");
    fail();
    expect(await reading).toBeUndefined();
    expect(listen(response).received).toEqual(["ab", "FAIL"]);
  });

  it("lets go of the source when nobody wants the body any more", async () => {
    const { response, write, calls } = streaming();
    const reading = readAhead(response, 10);
    write("ab");
    response.body.discard();
    expect(await reading).toBeUndefined();
    expect(calls).toEqual(["cancel"]);
  });
});
