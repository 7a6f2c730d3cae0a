import { expect, test } from "vitest";
import { PEER_NAMES, SCENARIO_NAMES } from "./names.ts";
import { parseOptions, UsageError } from "./options.ts";

test("without options everything is measured and the page is written", () => {
  expect(parseOptions([])).toEqual({
    rounds: 5,
    seconds: 2,
    warmup: 3,
    connections: 32,
    scenarios: SCENARIO_NAMES,
    peers: PEER_NAMES,
    docs: true,
  });
});

test("scenarios and peers are chosen by repetition or commas, and then the page stays as it is", () => {
  const options = parseOptions([
    "--scenario",
    "jwt",
    "--peer",
    "haproxy,gatehouse",
    "--peer",
    "nginx",
    "--rounds",
    "3",
  ]);
  expect(options).toMatchObject({
    scenarios: ["jwt"],
    peers: ["gatehouse", "haproxy", "nginx"],
    rounds: 3,
    docs: false,
  });
  expect(parseOptions(["--no-docs"])?.docs).toBe(false);
});

test("help is asked for in two ways", () => {
  expect(parseOptions(["--help"])).toBeUndefined();
  expect(parseOptions(["--rounds", "3", "-h"])).toBeUndefined();
});

test.each([
  [["--rounds", "0"], "--rounds takes a whole number from 1 to 50"],
  [["--rounds", "1e1"], "--rounds takes a whole number"],
  [["--seconds", "61"], "--seconds takes a whole number from 1 to 60"],
  [["--connections", "-4"], "--connections"],
  [["--peer", "apache"], 'there is no "apache"'],
  [["--scenario", "jwt,"], 'there is no ""'],
  [["--fast"], "--fast"],
  [["jwt"], "jwt"],
])("%j is refused with the reason", (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});
