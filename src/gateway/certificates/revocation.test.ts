import { createHash, sign } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { Body } from "../../policy/exchange/body.ts";
import type { CertificateChain, RevocationStatus } from "../../policy/exchange/identity.ts";
import { ResponseMessage } from "../../policy/exchange/message.ts";
import { formatUrl } from "../../policy/exchange/url.ts";
import { testServices } from "../../policy/testing/exchange.ts";
import { der, Extension, KeyUsageFlags, pointName, TestCertificate } from "../../policy/testing/pki.ts";
import { certificateFields } from "./certificate-fields.ts";
import { RevocationChecks } from "./revocation.ts";

const LIST = "http://ca.test/root.crl";
const RESPONDER = "http://ocsp.test/";
const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let root: TestCertificate;
let listed: TestCertificate;
let asked: TestCertificate;
let both: TestCertificate;
let bare: TestCertificate;

beforeAll(async () => {
  root = await TestCertificate.root("CN=Root");
  listed = await root.issue("CN=listed", { crl: LIST });
  asked = await root.issue("CN=asked", { ocsp: RESPONDER });
  both = await root.issue("CN=both", { ocsp: RESPONDER, crl: LIST });
  bare = await root.issue("CN=bare");
});

type Answer = Uint8Array | number | "away" | ((question: Uint8Array) => Uint8Array);

/** Authorities that answer by address; `called` tells which were. */
function setup(answers: Record<string, Answer>) {
  const called: string[] = [];
  const services = testServices(async (request) => {
    const url = formatUrl(request.url);
    called.push(url);
    const answer = answers[url] ?? 404;
    if (answer === "away") throw new Error("away");
    if (typeof answer === "number") return new ResponseMessage(answer);
    const bytes = typeof answer === "function" ? answer(request.body.buffered ?? new Uint8Array()) : answer;
    return new ResponseMessage(200, "", undefined, Body.of(bytes));
  });
  const checks = new RevocationChecks(services.http, services.clock);
  const status = async (...certificates: TestCertificate[]): Promise<RevocationStatus> =>
    checks.status(chainOf(true, ...certificates));
  return { checks, status, called, clock: services.clock, answers };
}

function chainOf(trusted: boolean, ...certificates: TestCertificate[]): CertificateChain {
  return { certificates: certificates.map(({ certificate }) => certificate) as never, trusted };
}

interface OcspOptions {
  status?: "good" | "revoked" | "unknown";
  about?: TestCertificate;
  signer?: TestCertificate;
  delegate?: TestCertificate;
  thisUpdate?: number;
  nextUpdate?: number | undefined;
  refused?: number;
}

const time = (at: number) =>
  der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));
const OID = (text: string) => {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const octets = rest.flatMap((value) => {
    const sevens = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) sevens.unshift((left & 0x7f) | 0x80);
    return sevens;
  });
  return der(0x06, Uint8Array.from([first * 40 + second, ...octets]));
};

/** A responder's answer (RFC 6960 section 4.2.1). */
function ocspAnswer(now: number, options: OcspOptions = {}): Uint8Array {
  const { status = "good", about = asked, signer = root, delegate } = options;
  if (options.refused !== undefined) return der(0x30, der(0x0a, Uint8Array.of(options.refused)));
  const issuer = certificateFields(root.certificate);
  const sha1 = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest();
  const id = der(
    0x30,
    der(0x30, OID("1.3.14.3.2.26"), Uint8Array.of(5, 0)),
    der(0x04, sha1(issuer.subject)),
    der(0x04, sha1(issuer.publicKeyBits)),
    der(0x02, certificateFields(about.certificate).serialNumber),
  );
  const said = { good: der(0x80), unknown: der(0x82), revoked: der(0xa1, time(now - DAY)) }[status];
  const nextUpdate = "nextUpdate" in options ? options.nextUpdate : now + DAY;
  const single = der(
    0x30,
    id,
    said,
    time(options.thisUpdate ?? now - HOUR),
    ...(nextUpdate === undefined ? [] : [der(0xa0, time(nextUpdate))]),
  );
  const signed = der(0x30, der(0xa2, der(0x04, sha1(issuer.publicKeyBits))), time(now), der(0x30, single));
  const signature = sign("sha256", signed, signer.privateKey);
  const basic = der(
    0x30,
    signed,
    der(0x30, OID("1.2.840.10045.4.3.2")),
    der(0x03, Uint8Array.of(0), signature),
    ...(delegate ? [der(0xa0, der(0x30, delegate.der))] : []),
  );
  const wrapped = der(0x30, OID("1.3.6.1.5.5.7.48.1.1"), der(0x04, basic));
  return der(0x30, der(0x0a, Uint8Array.of(0)), der(0xa0, wrapped));
}

describe("a revocation list", () => {
  it("tells which certificates are revoked", async () => {
    const { status, called } = setup({ [LIST]: await root.revocationList({ revoked: [bare, listed] }) });
    expect(await status(listed, root)).toBe("revoked");
    const other = setup({ [LIST]: await root.revocationList({ revoked: [bare] }) });
    expect(await other.status(listed, root)).toBe("good");
    expect(called).toEqual([LIST]);
  });

  it("may be PEM, or without an end", async () => {
    const list = await root.revocationList({ revoked: [listed], nextUpdate: undefined });
    const pem = `-----BEGIN X509 CRL-----\n${Buffer.from(list).toString("base64")}\n-----END X509 CRL-----\n`;
    expect(await setup({ [LIST]: Buffer.from(pem) }).status(listed, root)).toBe("revoked");
  });

  it("is fetched once, again in the background after an hour, and not used beyond its end", async () => {
    const { checks, status, called, clock, answers } = setup({ [LIST]: await root.revocationList() });
    const all = await Promise.all([status(listed, root), status(listed, root)]);
    expect(all).toEqual(["good", "good"]);
    expect(checks.status(chainOf(true, listed, root))).toBe("good");
    clock.time += HOUR;
    answers[LIST] = await root.revocationList({ revoked: [listed] });
    expect(checks.status(chainOf(true, listed, root))).toBe("good");
    await new Promise((resolve) => setImmediate(resolve));
    expect(checks.status(chainOf(true, listed, root))).toBe("revoked");
    expect(called).toHaveLength(2);
    answers[LIST] = "away";
    clock.time += 23 * HOUR - 1;
    expect(checks.status(chainOf(true, listed, root))).toBe("revoked");
    clock.time += 2;
    expect(await status(listed, root)).toBe("unknown");
  });

  it("that could not be had is asked for again only after a while", async () => {
    const { status, called, clock, answers } = setup({ [LIST]: "away" });
    expect([await status(listed, root), await status(listed, root)]).toEqual(["unknown", "unknown"]);
    expect(called).toHaveLength(1);
    answers[LIST] = await root.revocationList();
    clock.time += 30_000;
    expect(await status(listed, root)).toBe("good");
  });

  it.each<[string, () => Promise<Answer> | Answer]>([
    ["nowhere", () => 404],
    ["no list", () => Buffer.from("<html>")],
    ["cut off", async () => (await root.revocationList()).subarray(0, 60)],
    ["of somebody else", async () => (await TestCertificate.root("CN=Root")).revocationList()],
    ["of another issuer", async () => (await TestCertificate.root("CN=Other")).revocationList()],
    ["of the past", () => root.revocationList({ nextUpdate: new Date(0), thisUpdate: new Date(0) })],
    [
      "of the future",
      () => root.revocationList({ thisUpdate: new Date(Date.UTC(2030, 0)), nextUpdate: new Date(Date.UTC(2031, 0)) }),
    ],
    [
      "of changes alone",
      () => root.revocationList({ extensions: [new Extension("2.5.29.27", true, der(0x02, Uint8Array.of(1)))] }),
    ],
    [
      "with what is not understood",
      () => root.revocationList({ extensions: [new Extension("1.2.3", true, der(0x05))] }),
    ],
    [
      "with entries that are not understood",
      () => root.revocationList({ revoked: [bare], entryExtensions: [new Extension("2.5.29.29", true, der(0x30))] }),
    ],
    ["too large", () => Buffer.alloc((4 << 20) + 1)],
  ])("%s tells nothing", async (_what, answer) => {
    expect(await setup({ [LIST]: await answer() }).status(listed, root)).toBe("unknown");
  });

  it("by one who may not sign lists tells nothing", async () => {
    const unable = await TestCertificate.root("CN=Unable", { keyUsage: KeyUsageFlags.keyCertSign });
    const client = await unable.issue("CN=a", { crl: LIST });
    expect(await setup({ [LIST]: await unable.revocationList() }).status(client, unable)).toBe("unknown");
  });

  const point = (...parts: Uint8Array[]) => [new Extension("2.5.29.28", true, der(0x30, ...parts))];

  it.each<[string, Uint8Array[], RevocationStatus]>([
    ["this point", [pointName(LIST)], "good"],
    ["another point", [pointName("http://ca.test/other.crl")], "unknown"],
    ["clients", [der(0x81, Uint8Array.of(0xff))], "good"],
    ["authorities", [der(0x82, Uint8Array.of(0xff))], "unknown"],
    ["some reasons", [der(0x83, Uint8Array.of(1, 0x40))], "unknown"],
    ["several issuers", [der(0x84, Uint8Array.of(0xff))], "unknown"],
  ])("for %s", async (_what, parts, expected) => {
    const { status } = setup({ [LIST]: await root.revocationList({ extensions: point(...parts) }) });
    expect(await status(listed, root)).toBe(expected);
  });
});

describe("a responder", () => {
  const now = testServices().clock.time;

  it.each(["good", "revoked", "unknown"] as const)("says %s", async (status) => {
    const made = setup({ [RESPONDER]: ocspAnswer(now, { status }) });
    expect(await made.status(asked, root)).toBe(status);
  });

  it("is told which certificate is meant, once", async () => {
    const questions: string[] = [];
    const { checks, status, called } = setup({
      [RESPONDER](question) {
        questions.push(Buffer.from(question).toString("hex"));
        return ocspAnswer(now);
      },
    });
    expect(await status(asked, root)).toBe("good");
    expect(checks.status(chainOf(true, asked, root))).toBe("good");
    expect(called).toHaveLength(1);
    expect(questions[0]).toContain(Buffer.from(certificateFields(asked.certificate).serialNumber).toString("hex"));
  });

  it("may be one that the issuer appointed", async () => {
    const signer = await root.issue("CN=Responder", { purposes: [OCSP_SIGNING] });
    const answer = ocspAnswer(now, { signer, delegate: signer });
    expect(await setup({ [RESPONDER]: answer }).status(asked, root)).toBe("good");
  });

  it.each<[string, () => Promise<OcspOptions> | OcspOptions]>([
    [
      "that nobody appointed",
      async () => {
        const signer = await root.issue("CN=client");
        return { signer, delegate: signer };
      },
    ],
    [
      "that another authority appointed",
      async () => {
        const signer = await (await TestCertificate.root("CN=Root")).issue("CN=R", { purposes: [OCSP_SIGNING] });
        return { signer, delegate: signer };
      },
    ],
    [
      "whose appointment is over",
      async () => {
        const signer = await root.issue("CN=R", {
          purposes: [OCSP_SIGNING],
          notBefore: new Date(0),
          notAfter: new Date(1000),
        });
        return { signer, delegate: signer };
      },
    ],
    ["that signs for another", async () => ({ signer: await TestCertificate.root("CN=Root") })],
    ["that speaks of another certificate", () => ({ about: bare })],
    ["of the past", () => ({ nextUpdate: now - 1 })],
    ["of the future", () => ({ thisUpdate: now + HOUR })],
    ["that refuses", () => ({ refused: 6 })],
  ])("%s tells nothing", async (_what, options) => {
    const answer = ocspAnswer(now, await options());
    expect(await setup({ [RESPONDER]: answer }).status(asked, root)).toBe("unknown");
  });

  it("that is damaged tells nothing", async () => {
    const good = Buffer.from(ocspAnswer(now));
    for (let at = 0; at < good.length; at += 5) {
      const answer = Buffer.from(good);
      answer[at] = (answer[at] ?? 0) ^ 0xff;
      const status = await setup({ [RESPONDER]: answer }).status(asked, root);
      // The object that names the responder is not looked at; all else is signed or leads to what is.
      expect(["unknown", "good"]).toContain(status);
    }
  });

  it("goes before the list, which is asked where the responder does not know", async () => {
    const list = await root.revocationList({ revoked: [both] });
    const known = setup({ [RESPONDER]: ocspAnswer(now, { about: both }), [LIST]: list });
    expect(await known.status(both, root)).toBe("good");
    expect(known.called).toEqual([RESPONDER]);
    for (const answer of ["away", ocspAnswer(now, { about: both, status: "unknown" })] as const) {
      const unknown = setup({ [RESPONDER]: answer, [LIST]: list });
      expect(await unknown.status(both, root)).toBe("revoked");
      expect(unknown.called).toEqual([RESPONDER, LIST]);
    }
  });
});

describe("a chain", () => {
  it("is as good as the worst of its certificates; the root is not asked about", async () => {
    const between = await root.issue("CN=Between", { authority: 0, crl: LIST });
    const below = "http://between.test/list.crl";
    const client = await between.issue("CN=client", { crl: below });
    const lists = { [LIST]: await root.revocationList(), [below]: await between.revocationList() };
    expect(await setup(lists).status(client, between, root)).toBe("good");
    expect(
      await setup({ ...lists, [LIST]: await root.revocationList({ revoked: [between] }) }).status(
        client,
        between,
        root,
      ),
    ).toBe("revoked");
    expect(
      await setup({ ...lists, [below]: await between.revocationList({ revoked: [client] }) }).status(
        client,
        between,
        root,
      ),
    ).toBe("revoked");
    expect(await setup({ ...lists, [LIST]: 503 }).status(client, between, root)).toBe("unknown");
    expect(await setup({}).status(root)).toBe("good");
  });

  it("with a certificate that names nobody to ask cannot be known", async () => {
    expect(await setup({}).status(bare, root)).toBe("unknown");
    const secure = await root.issue("CN=a", { crl: "https://ca.test/x.crl", ocsp: "ldap://ca.test" });
    const { status, called } = setup({});
    expect(await status(secure, root)).toBe("unknown");
    expect(called).toEqual([]);
  });

  it("that is not trusted leads to no call", () => {
    const { checks, called } = setup({});
    expect(checks.status(chainOf(false, listed, root))).toBe("unknown");
    expect(called).toEqual([]);
  });
});
