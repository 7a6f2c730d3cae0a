import ipaddr from "ipaddr.js";

/**
 * An IP address as numbers that compare: one 32-bit number for IPv4 (also when written as IPv4-mapped IPv6), eight
 * 16-bit groups for IPv6.
 */
export type IpAddress = number | readonly number[];

/**
 * Reads an address in its usual text form; the zone of a link-local address is left out.
 * @returns undefined for any other text, short IPv4 forms (`10.1`, octal, hexadecimal) included.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return v4;
  if (!text.includes(":") || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  if (!address.isIPv4MappedAddress()) return address.parts;
  return address.toIPv4Address().octets.reduce((number, octet) => number * 256 + octet, 0);
}

/** Four decimal numbers. Written out because every request passes here: it takes no regular expression, no array. */
function parseIpv4(text: string): number | undefined {
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (octet < 0 || ++dots > 3) return undefined;
      address = address * 256 + octet;
      octet = -1;
    } else if (code >= 0x30 && code <= 0x39) {
      // No leading zeros: some read them as octal.
      if (octet === 0) return undefined;
      octet = octet < 0 ? code - 0x30 : octet * 10 + code - 0x30;
      if (octet > 255) return undefined;
    } else {
      return undefined;
    }
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : undefined;
}

/** Negative, 0 or positive as the first address is below, the same as or above the second; NaN across families. */
export function compareIpAddresses(a: IpAddress, b: IpAddress): number {
  if (typeof a === "number") return typeof b === "number" ? a - b : Number.NaN;
  if (typeof b === "number") return Number.NaN;
  for (let i = 0; i < 8; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
