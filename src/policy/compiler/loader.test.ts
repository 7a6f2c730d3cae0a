import { describe, expect, it } from "vitest";
import { Body, type BodySource } from "../exchange/body.ts";
import { PolicyError } from "../exchange/errors.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml } from "../testing/run-policy.ts";
import type { PlanElement, PlanValue } from "./element.ts";
import { Loader } from "./loader.ts";
import { defineMessagePolicy, definePolicy, type PolicyDefinition } from "./schema.ts";

const shape = { summary: "", category: "limits", sections: ["inbound"], scopes: ["api"] } as const;

function loader(...definitions: PolicyDefinition[]): Loader {
  return new Loader(new Map(definitions.map((definition) => [definition.name, definition])), "api");
}

function element(attributes: Record<string, PlanValue>): PlanElement {
  return { name: "it", at: "p.xml:1:1", attributes };
}

/** The value that C# compiles to, as a plan holds it. */
function expression(text: string): PlanValue {
  const { elements, diagnostics } = compileXml(`<set-variable name="v" value='${text}' />`);
  expect(diagnostics).toEqual([]);
  return elements[0]?.attributes?.value as PlanValue;
}

describe("readers", () => {
  const x = testExchange();

  it("give literals as they are", () => {
    const it = element({ s: "a", n: 5, b: true, t: "true" });
    expect(loader().text(it, "s")(x)).toBe("a");
    expect(loader().text(it, "n")(x)).toBe("5");
    expect(loader().int(it, "n", 0)(x)).toBe(5);
    expect(loader().double(it, "n", 0)(x)).toBe(5);
    expect(loader().bool(it, "b", false)(x)).toBe(true);
    expect(loader().bool(it, "t", false)(x)).toBe(true);
    expect(loader().any(5)(x)).toBe("5");
  });

  it("give the fallback for what is absent", () => {
    const it = element({});
    expect(loader().text(it, "s", "f")(x)).toBe("f");
    expect(loader().optionalText(it, "s")(x)).toBeUndefined();
    expect(loader().int(it, "n", 3)(x)).toBe(3);
    expect(loader().long(it, "n", 4)(x)).toBe(4);
    expect(loader().bool(it, "b", true)(x)).toBe(true);
    expect(loader().any(undefined)(x)).toBeNull();
    expect(loader().nullableTextOf(undefined)(x)).toBeNull();
    expect(loader().word(it, "w", ["a", "b"], "b")(x)).toBe("b");
  });

  it("put secrets in", () => {
    const it = element({ s: { template: ["Bearer ", { secret: "token" }] } });
    expect(loader().text(it, "s")(x)).toBe("Bearer secret-token");
  });

  it("convert what expressions give", () => {
    const it = element({
      n: expression("@(1 + 1)"),
      s: expression('@("a" + "b")'),
      b: expression("@(1 == 1)"),
      none: expression("@((string)null)"),
    });
    expect(loader().int(it, "n", 0)(x)).toBe(2);
    expect(loader().long(it, "n", 0)(x)).toBe(2);
    expect(loader().text(it, "n")(x)).toBe("2");
    expect(loader().text(it, "s")(x)).toBe("ab");
    expect(loader().bool(it, "b", false)(x)).toBe(true);
    expect(loader().text(it, "b")(x)).toBe("True");
    expect(loader().text(it, "none", "f")(x)).toBe("f");
    expect(loader().optionalText(it, "none")(x)).toBeUndefined();
    expect(loader().nullableTextOf(it.attributes?.none)(x)).toBeNull();
  });

  it("fail where the result does not convert", () => {
    const it = element({ s: expression('@("x" + "y")') });
    expect(() => loader().int(it, "s", 0)(x)).toThrow();
    expect(() => loader().bool(it, "s", false)(x)).toThrow();
  });

  it("hold an expression to the words of an enumeration", () => {
    const read = loader().word(element({ w: expression('@(context.Variables["w"])') }), "w", ["a", "b"], "a");
    const y = testExchange();
    y.variables.set("w", " b ");
    expect(read(y)).toBe("b");
    y.variables.set("w", "c");
    expect(() => read(y)).toThrow(PolicyError);
    expect(() => read(y)).toThrow('Expression evaluation failed. The value of "w" must be one of a, b, not "c".');
  });
});

/** A body whose source counts how often it was started. */
function streamed(text: string): { body: Body; started: () => number } {
  let started = 0;
  const source: BodySource = {
    start(sink) {
      started++;
      sink.write(Buffer.from(text));
      sink.end();
    },
    resume() {},
    cancel() {},
  };
  return { body: Body.stream(source), started: () => started };
}

describe("bodies that expressions read", () => {
  const reader = definePolicy({
    ...shape,
    name: "reader",
    load(it, load) {
      const value = load.text(it, "v");
      return (x) => void x.variables.set("read", value(x));
    },
  });

  it("are in memory when the step runs", async () => {
    const { body } = streamed("hello");
    const x = testExchange({ method: "POST", body });
    const it = { ...element({ v: expression("@(context.Request.Body.As<string>(true))") }), name: "reader", path: "r" };
    await loader(reader).load([it])[0]?.run(x);
    expect(x.variables.get("read")).toBe("hello");
  });

  it("stay streams when no expression reads them", () => {
    const { body, started } = streamed("hello");
    const x = testExchange({ method: "POST", body });
    const it = { ...element({ v: expression("@(context.Request.Method)") }), name: "reader", path: "r" };
    expect(loader(reader).load([it])[0]?.run(x)).toBeUndefined();
    expect(started()).toBe(0);
  });

  it("of a policy inside are not read for the policy around it", () => {
    const outer: PlanElement = {
      name: "outer",
      at: "p",
      path: "outer[1]",
      children: [{ ...element({ v: expression("@(context.Request.Body.As<string>())") }), path: "outer[1]/reader[1]" }],
    };
    expect(loader().prefetch(outer)).toBeUndefined();
    const inner = outer.children?.[0] as PlanElement;
    expect(loader().prefetch(inner)).toBeDefined();
    // A child that is no policy counts as part of its policy.
    const { path: _, ...part } = inner;
    expect(loader().prefetch({ ...outer, children: [part] })).toBeDefined();
  });

  it("of a response are read once there is one", async () => {
    const prefetch = loader().prefetchValue(expression("@(context.Response.Body.As<string>(true))"));
    const x = testExchange();
    expect(prefetch?.(x)).toBeUndefined();
    const { body, started } = streamed("late");
    x.response = new ResponseMessage(200, "", undefined, body);
    await prefetch?.(x);
    expect(started()).toBe(1);
  });
});

describe("edits", () => {
  const mark = defineMessagePolicy({
    ...shape,
    name: "mark",
    edit: (it) => async (_x, message) => message.headers.append("x-mark", String(it.attributes?.v)),
  });
  const plain = definePolicy({ ...shape, name: "plain", load: () => () => {} });
  const child = (name: string, v: string): PlanElement => ({ ...element({ v }), name, path: name });

  it("apply in order to the message they are given", async () => {
    const message = new ResponseMessage(200);
    await loader(mark).edits([child("mark", "1"), { name: "other", at: "p" }, child("mark", "2")])(
      testExchange(),
      message,
    );
    expect(message.headers.all("x-mark")).toEqual(["1", "2"]);
  });

  it("refuse a policy that cannot edit a message", () => {
    expect(() => loader(plain).edits([child("plain", "1")])).toThrow(/cannot edit/);
  });
});

describe("load", () => {
  it("refuses a policy that it does not know", () => {
    expect(() => loader().load([{ name: "ghost", at: "p", path: "ghost[1]" }])).toThrow(/ghost/);
  });
});
