import { expect, it } from "vitest";
import { type AbortHook, ClientAbort, unwatchSignal, watchSignal } from "./client-signal.ts";

function hook(log: string[], name: string): AbortHook {
  return { handleAbort: () => log.push(name) };
}

it("tells hooks and listeners once, with the reason", () => {
  const log: string[] = [];
  const abort = new ClientAbort();
  const [first, second, gone] = ["first", "second", "gone"].map((name) => hook(log, name)) as [
    AbortHook,
    AbortHook,
    AbortHook,
  ];
  for (const one of [first, second, gone]) watchSignal(abort.signal, one);
  unwatchSignal(abort.signal, gone);
  abort.signal.addEventListener("abort", () => log.push(`listener: ${abort.signal.reason.message}`));
  abort.abort(new Error("left"));
  abort.abort(new Error("again"));
  expect(log).toEqual(["listener: left", "first", "second"]);
});

it("works with every other signal", () => {
  const log: string[] = [];
  const abort = new AbortController();
  const [kept, gone] = [hook(log, "kept"), hook(log, "gone")];
  watchSignal(abort.signal, kept);
  watchSignal(abort.signal, gone);
  unwatchSignal(abort.signal, gone);
  abort.abort();
  expect(log).toEqual(["kept"]);
});
