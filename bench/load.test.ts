import { expect, test } from "vitest";
import { parseWrkOutput, wrkScript } from "./load.ts";

test("the script holds every request", () => {
  const script = wrkScript([
    { method: "GET", path: "/a", headers: { "x-key": "one" } },
    { method: "POST", path: "/b", headers: {}, bodyBytes: 12 },
  ]);
  expect(script).toContain('wrk.format("GET", "/a", {["x-key"]="one"}, nil)');
  expect(script).toContain('wrk.format("POST", "/b", {}, string.rep("x", 12))');
});

test("quotes, backslashes and control characters cannot leave their Lua string", () => {
  const script = wrkScript([{ method: "GET", path: "/", headers: { a: 'x"\\\n] os.exit()' } }]);
  expect(script).toContain('["a"]="x\\034\\092\\010] os.exit()"');
});

test("the result is read from what wrk prints around it", () => {
  const output = `Running 2s test @ http://127.0.0.1:1
  1 threads and 32 connections
Requests/sec:  1.00
RESULT {"requests":500,"microseconds":2000000,"bytes":64000,"p50":400,"p99":900,"errors":{"connect":0,"read":0,"write":0,"status":0,"timeout":0}}
`;
  expect(parseWrkOutput(output)).toEqual({ requests: 500, seconds: 2, bytes: 64000, p50: 400, p99: 900, errors: {} });
});

test("only errors that happened are told", () => {
  const output =
    'RESULT {"requests":1,"microseconds":1,"bytes":1,"p50":1,"p99":1,"errors":{"connect":0,"read":2,"status":3}}';
  expect(parseWrkOutput(output).errors).toEqual({ read: 2, status: 3 });
});

test("output without a result is an error that shows its end", () => {
  expect(() => parseWrkOutput("unable to connect to 127.0.0.1:1 Connection refused\n")).toThrow("Connection refused");
});
