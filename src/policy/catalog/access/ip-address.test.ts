import { expect, it } from "vitest";
import { compareIpAddresses, type IpAddress, parseIpAddress } from "./ip-address.ts";

it.each([
  ["0.0.0.0", 0],
  ["10.0.0.1", 10 * 2 ** 24 + 1],
  ["255.255.255.255", 2 ** 32 - 1],
  ["::ffff:10.0.0.1", 10 * 2 ** 24 + 1],
  ["::FFFF:0a00:0001", 10 * 2 ** 24 + 1],
  ["2001:db8::1", [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]],
  ["fe80::1%eth0", [0xfe80, 0, 0, 0, 0, 0, 0, 1]],
])("reads %s", (text, address) => {
  expect(parseIpAddress(text)).toEqual(address);
});

it.each([
  "",
  "10.1",
  "10.0.0",
  "10.0.0.",
  ".10.0.0.1",
  "10..0.1",
  "10.0.0.256",
  "10.0.0.01",
  "0x7f.0.0.1",
  "10.0.0.1.1",
  "10.0.0.1/8",
  " 10.0.0.1",
  "::g",
  "1:2:3",
  "localhost",
  "9".repeat(1000),
])("does not read %j", (text) => {
  expect(parseIpAddress(text)).toBeUndefined();
});

it("compares by number within a family only", () => {
  const at = (text: string) => parseIpAddress(text) as IpAddress;
  expect(compareIpAddresses(at("9.255.255.255"), at("10.0.0.0"))).toBeLessThan(0);
  expect(compareIpAddresses(at("2001:db8::ffff"), at("2001:db8::1:0"))).toBeLessThan(0);
  expect(compareIpAddresses(at("2001:db8::2"), at("2001:db8::1"))).toBeGreaterThan(0);
  expect(compareIpAddresses(at("::1"), at("0:0:0:0:0:0:0:1"))).toBe(0);
  expect(compareIpAddresses(at("1.1.1.1"), at("::1"))).toBeNaN();
});
