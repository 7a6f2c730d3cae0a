import { beforeAll, describe, expect, it } from "vitest";
import { ManualClock } from "../../policy/testing/exchange.ts";
import {
  type CertificateOptions,
  Extension,
  type KeyAlgorithm,
  KeyUsageFlags,
  TestCertificate,
} from "../../policy/testing/pki.ts";
import { CertificateTrust } from "./trust.ts";

const CLIENT_PURPOSE = "1.3.6.1.5.5.7.3.2";
const SERVER_PURPOSE = "1.3.6.1.5.5.7.3.1";
const DAY = 86_400_000;

let root: TestCertificate;
let between: TestCertificate;

beforeAll(async () => {
  root = await TestCertificate.root("CN=Root");
  between = await root.issue("CN=Between", { authority: 0 });
});

function trust(roots: TestCertificate[] = [root], intermediates: TestCertificate[] = [], clock = new ManualClock()) {
  const pem = (list: TestCertificate[]) => list.map(({ cert }) => cert);
  return new CertificateTrust({ roots: pem(roots), intermediates: pem(intermediates) }, clock);
}

function names(chain: ReturnType<CertificateTrust["chain"]>): string {
  const subjects = chain?.certificates.map(({ subject }) => subject.replace("CN=", "")).join(" < ");
  return `${chain?.trusted ? "trusted" : "not trusted"}: ${subjects}`;
}

const judge = (client: TestCertificate, presented: TestCertificate[] = [], by = trust()) =>
  names(by.chain({ der: client.der, intermediates: presented.map(({ der }) => der) }));

describe("a certificate is trusted", () => {
  it("below a root, and below what stands between", async () => {
    expect(judge(await root.issue("CN=client"))).toBe("trusted: client < Root");
    const client = await between.issue("CN=client");
    expect(judge(client, [between])).toBe("trusted: client < Between < Root");
    expect(judge(client, [], trust([root], [between]))).toBe("trusted: client < Between < Root");
    expect(judge(client, [await TestCertificate.root("CN=Between"), root, between, between])).toBe(
      "trusted: client < Between < Root",
    );
    expect(judge(client, [], trust([between]))).toBe("trusted: client < Between");
  });

  it("that is trusted itself", async () => {
    const own = await TestCertificate.create("CN=own");
    expect(judge(own)).toBe("not trusted: own");
    expect(judge(own, [], trust([own]))).toBe("trusted: own");
  });

  it("for clients or for any purpose", async () => {
    expect(judge(await root.issue("CN=a", { purposes: [SERVER_PURPOSE, CLIENT_PURPOSE] }))).toMatch(/^trusted/);
    expect(judge(await root.issue("CN=a", { purposes: ["2.5.29.37.0"] }))).toMatch(/^trusted/);
  });

  it("with keys and signatures of other kinds", async () => {
    const rsa = {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      publicExponent: new Uint8Array([1, 0, 1]),
      modulusLength: 2048,
    };
    const pss = { ...rsa, name: "RSA-PSS", saltLength: 32 };
    for (const algorithm of [rsa, pss, { name: "ECDSA", namedCurve: "P-384" }, { name: "Ed25519" }] as KeyAlgorithm[]) {
      const authority = await TestCertificate.root("CN=Other", { algorithm });
      expect(judge(await authority.issue("CN=a", { hash: "SHA-512" }), [], trust([authority]))).toBe(
        "trusted: a < Other",
      );
    }
  });

  it("still, when a resumed session brings nothing that stands between", async () => {
    const client = await between.issue("CN=client");
    const by = trust();
    expect(judge(client, [], by)).toBe("not trusted: client");
    expect(judge(client, [between], by)).toMatch(/^trusted/);
    expect(judge(client, [], by)).toBe("trusted: client < Between < Root");
  });
});

describe("a certificate is not trusted", () => {
  it("of a root of the same name", async () => {
    const impostor = await TestCertificate.root("CN=Root");
    expect(judge(await impostor.issue("CN=client"))).toBe("not trusted: client");
    expect(judge(await impostor.issue("CN=client"), [impostor])).toBe("not trusted: client < Root");
  });

  it("of somebody who is no authority", async () => {
    const client = await root.issue("CN=client");
    expect(judge(await client.issue("CN=other"), [client])).toBe("not trusted: other");
    const unable = await root.issue("CN=Unable", { authority: 0, keyUsage: KeyUsageFlags.cRLSign });
    expect(judge(await unable.issue("CN=other"), [unable])).toBe("not trusted: other");
  });

  it("through more authorities than one of them allows", async () => {
    const below = await between.issue("CN=Below", { authority: 0 });
    expect(judge(await below.issue("CN=client"), [below, between])).toBe("not trusted: client < Below");
    const wide = await root.issue("CN=Wide", { authority: 1 });
    const narrow = await wide.issue("CN=Narrow", { authority: 0 });
    expect(judge(await narrow.issue("CN=client"), [narrow, wide])).toBe("trusted: client < Narrow < Wide < Root");
  });

  it("for another purpose, its own or its authority's", async () => {
    expect(judge(await root.issue("CN=a", { purposes: [SERVER_PURPOSE] }))).toMatch(/^not trusted/);
    const servers = await root.issue("CN=Servers", { authority: 0, purposes: [SERVER_PURPOSE] });
    expect(judge(await servers.issue("CN=a"), [servers])).toMatch(/^not trusted/);
  });

  it.each<[string, CertificateOptions]>([
    [
      "an extension that must be understood and is not",
      { extensions: [new Extension("1.2.3.4", true, new Uint8Array([5, 0]))] },
    ],
    ["constraints on names", { extensions: [new Extension("2.5.29.30", false, new Uint8Array([0x30, 0]))] }],
  ])("with %s", async (_what, options) => {
    expect(judge(await root.issue("CN=a", options))).toMatch(/^not trusted/);
    const authority = await root.issue("CN=A", { authority: 0, ...options });
    expect(judge(await authority.issue("CN=a"), [authority])).toMatch(/^not trusted/);
  });

  it("with a signature that can be forged", async () => {
    expect(judge(await root.issue("CN=a", { hash: "SHA-1" }))).toBe("not trusted: a");
    const short = {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      publicExponent: new Uint8Array([1, 0, 1]),
      modulusLength: 1024,
    };
    const weak = await TestCertificate.root("CN=Weak", { algorithm: short });
    expect(judge(await weak.issue("CN=a"), [], trust([weak]))).toBe("not trusted: a");
  });

  it("while an authority above it is not valid, also when it was trusted before", async () => {
    const clock = new ManualClock();
    const soon = await root.issue("CN=Soon", {
      authority: 0,
      notBefore: new Date(clock.time + 1000),
      notAfter: new Date(clock.time + 2000),
    });
    const client = await soon.issue("CN=client");
    const by = trust([root], [soon], clock);
    const seen = [0, 1000, 1000, 1000].map((later) => {
      clock.time += later;
      return judge(client, [], by);
    });
    expect(seen).toEqual([
      "not trusted: client",
      "trusted: client < Soon < Root",
      "trusted: client < Soon < Root",
      "not trusted: client",
    ]);
  });

  it("its own time is another check's business", async () => {
    const past = await root.issue("CN=past", { notBefore: new Date(0), notAfter: new Date(DAY) });
    expect(judge(past)).toMatch(/^trusted/);
  });
});

describe("the search ends", () => {
  it("in a circle of authorities that vouch for one another", async () => {
    const a = await TestCertificate.root("CN=A");
    const b = await TestCertificate.root("CN=B");
    // Each under the other's name: the keys do not fit, and a fitting circle cannot be made without them.
    const crossed = await a.issue("CN=B", { authority: "unlimited" });
    expect(judge(await crossed.issue("CN=client"), [a, b, crossed])).toMatch(/^not trusted/);
  });

  it("among many of one name", async () => {
    const same = await Promise.all(Array.from({ length: 10 }, () => TestCertificate.root("CN=Same")));
    const client = await (same[0] as TestCertificate).issue("CN=client");
    expect(judge(client, same)).toMatch(/^not trusted/);
  });

  it("at bytes that are no certificate", () => {
    expect(trust().chain({ der: new Uint8Array([0x30, 1, 2]) })).toBeUndefined();
    expect(judge(root, [])).toBe("trusted: Root");
  });
});
