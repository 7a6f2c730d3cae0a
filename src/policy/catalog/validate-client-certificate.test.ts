import { beforeAll, describe, expect, it } from "vitest";
import type { PolicyError } from "../exchange/errors.ts";
import { Exchange } from "../exchange/exchange.ts";
import type { CertificateChain, RevocationStatus } from "../exchange/identity.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { type CertificateOptions, TestCertificate } from "../testing/pki.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const SECOND = 1000;
const NAME = 'CN=client, O="Acme, Inc.", C=NL';

let root: TestCertificate;
let client: TestCertificate;
let alone: TestCertificate;

beforeAll(async () => {
  root = await TestCertificate.root("CN=Root, O=Contoso");
  client = await root.issue(NAME, {
    serialNumber: "0a1b2c",
    alternativeNames: [
      { type: "dns", value: "client.test" },
      { type: "dns", value: "Other.Test" },
      { type: "email", value: "a@mail.test" },
    ],
  });
  alone = await TestCertificate.create("CN=alone");
});

interface Situation {
  certificate?: TestCertificate | null;
  chain?: CertificateChain;
  revocation?: RevocationStatus | Promise<RevocationStatus>;
  now?: number;
}

function chainOf(trusted: boolean, ...certificates: [TestCertificate, ...TestCertificate[]]): CertificateChain {
  const [own, ...issuers] = certificates.map(({ certificate }) => certificate);
  return { certificates: [own as CertificateChain["certificates"][0], ...issuers], trusted };
}

/** An exchange of a client whose certificate the gateway judges so. */
function exchange(situation: Situation = {}): Exchange & { asked: string[] } {
  const asked: string[] = [];
  const services = testServices();
  services.clock.time += situation.now ?? 0;
  services.certificate = (id) =>
    ({ root: { cert: root.cert, key: undefined }, alone: { cert: alone.cert, key: undefined } })[id];
  const own = situation.certificate === undefined ? client : situation.certificate;
  services.clientCertificates = {
    chain() {
      asked.push("chain");
      return situation.chain ?? chainOf(true, own as TestCertificate, root);
    },
    revocation() {
      asked.push("revocation");
      return situation.revocation ?? "good";
    },
  };
  const plain = testExchange({ services });
  const x = new Exchange({
    services,
    id: plain.id,
    startedAt: plain.startedAt,
    client: { address: "192.0.2.1", ...(own ? { certificate: { der: own.der } } : {}) },
    originalUrl: plain.originalUrl,
    request: plain.request,
  });
  return Object.assign(x, { asked });
}

/** The reason code of the refusal, or "accepted". */
const outcome = (xml: string, x: Exchange) =>
  runXml(xml, x).then(
    () => "accepted",
    (error: PolicyError) => error.reason,
  );

const policy = (attributes = "", identity?: string) =>
  identity === undefined
    ? `<validate-client-certificate ${attributes} />`
    : `<validate-client-certificate ${attributes}><identities><identity ${identity} /></identities></validate-client-certificate>`;

describe("by default everything is checked", () => {
  it("of a good certificate", async () => {
    const x = exchange();
    expect(await outcome(policy(), x)).toBe("accepted");
    expect(x.asked).toEqual(["chain", "revocation"]);
  });

  const day = 24 * 60 * 60 * SECOND;
  it.each<[string, Situation, string]>([
    ["none", { certificate: null }, "ClientCertificateNotPresent"],
    ["not valid yet", { now: -day - SECOND }, "ClientCertificateNotYetValid"],
    ["expired", { now: day + SECOND }, "ClientCertificateExpired"],
    ["revoked", { revocation: "revoked" }, "ClientCertificateRevoked"],
    ["revoked, found out later", { revocation: Promise.resolve("revoked") }, "ClientCertificateRevoked"],
    ["perhaps revoked", { revocation: "unknown" }, "ClientCertificateRevocationUnknown"],
    [
      "perhaps revoked, found out later",
      { revocation: Promise.resolve("unknown") },
      "ClientCertificateRevocationUnknown",
    ],
  ])("of one that is %s", async (_what, situation, reason) => {
    expect(await outcome(policy(), exchange(situation))).toBe(reason);
  });

  it("of one without a trusted issuer; nobody is asked about it", async () => {
    const x = exchange({ chain: chainOf(false, client) });
    expect(await outcome(policy(), x)).toBe("ClientCertificateNotTrusted");
    expect(x.asked).toEqual(["chain"]);
  });

  it("of bytes that are none", async () => {
    const x = exchange();
    x.services.clientCertificates.chain = () => undefined;
    expect(await outcome(policy(), x)).toBe("ClientCertificateInvalid");
  });

  it("and the caller learns only that it is not valid", async () => {
    await expect(runXml(policy(), exchange({ revocation: "revoked" }))).rejects.toMatchObject({
      status: 403,
      message: "Invalid client certificate: it is revoked.",
      publicMessage: "Invalid client certificate",
    });
  });
});

describe("a check that is switched off", () => {
  const day = 24 * 60 * 60 * SECOND;

  it.each<[string, Situation]>([
    ['validate-not-before="false"', { now: -day - SECOND }],
    ['validate-not-after="false"', { now: day + SECOND }],
    ['validate-revocation="false"', { revocation: "revoked" }],
  ])("%s", async (attributes, situation) => {
    expect(await outcome(policy(attributes), exchange(situation))).toBe("accepted");
  });

  it("validate-trust, for a certificate that nobody could revoke", async () => {
    const x = exchange({ certificate: alone, chain: chainOf(false, alone) });
    expect(await outcome(policy('validate-trust="false"'), x)).toBe("accepted");
    expect(x.asked).toEqual(["chain"]);
  });

  it("validate-trust alone does not do for one whose issuer is unknown", async () => {
    const situation: Situation = { chain: chainOf(false, client), revocation: "unknown" };
    expect(await outcome(policy('validate-trust="false"'), exchange(situation))).toBe(
      "ClientCertificateRevocationUnknown",
    );
    const both = policy('validate-trust="false" validate-revocation="false"');
    expect(await outcome(both, exchange(situation))).toBe("accepted");
  });

  it("none lets a client without a certificate in", async () => {
    const none = 'validate-trust="0" validate-revocation="0" validate-not-before="0" validate-not-after="0"';
    expect(await outcome(policy(none), exchange({ certificate: null }))).toBe("ClientCertificateNotPresent");
  });
});

it.each<[string, Situation]>([
  ["none", { certificate: null }],
  ["a revoked one", { revocation: Promise.resolve("revoked") }],
])("ignore-error lets %s pass", async (_what, situation) => {
  expect(await outcome(policy('ignore-error="true"'), exchange(situation))).toBe("accepted");
  expect(await outcome(policy('ignore-error="true"', 'common-name="x"'), exchange(situation))).toBe("accepted");
});

describe("identities", () => {
  const print = (certificate: TestCertificate) => certificate.certificate.fingerprint;

  it.each<[string, boolean]>([
    ['thumbprint="%CLIENT%"', true],
    ['thumbprint="\u200e%client% "', true],
    ['thumbprint="%ROOT%"', false],
    ['thumbprint=""', false],
    ['serial-number="0A1B2C"', true],
    ['serial-number="a:1b:2c"', true],
    ['serial-number="0a1b2d"', false],
    ['common-name="client"', true],
    ['common-name="Client"', false],
    ['common-name="Root"', false],
    [`subject='CN=client, O="Acme, Inc.", C=NL'`, true],
    ["subject='cn=client,O=Acme\\, Inc.,C=NL'", true],
    ["subject='CN=client'", false],
    ["subject='C=NL, O=\"Acme, Inc.\", CN=client'", true],
    ["subject='O=\"Acme, Inc.\", CN=client, C=NL'", false],
    ['dns-name="client.test"', true],
    ['dns-name="OTHER.test"', true],
    ['dns-name="mail.test"', false],
    ['issuer-subject="CN=Root, O=Contoso"', true],
    ['issuer-subject="CN=Root"', false],
    ['issuer-thumbprint="%ROOT%"', true],
    ['issuer-thumbprint="%CLIENT%"', false],
    ['issuer-certificate-id="root"', true],
    ['issuer-certificate-id="alone"', false],
    ['issuer-certificate-id="missing"', false],
    ['common-name="client" dns-name="client.test" serial-number="0A1B2C"', true],
    ['common-name="client" dns-name="other" serial-number="0A1B2C"', false],
    ["", true],
  ])("%s", async (identity, matches) => {
    const written = identity
      .replace("%CLIENT%", print(client))
      .replace("%client%", print(client).replaceAll(":", "").toLowerCase())
      .replace("%ROOT%", print(root));
    expect(await outcome(policy("", written), exchange())).toBe(matches ? "accepted" : "ClientCertificateNotAllowed");
  });

  it("let in who is like one of several", async () => {
    const xml = `<validate-client-certificate><identities><identity common-name="x" /><identity common-name="client" /></identities></validate-client-certificate>`;
    expect(await outcome(xml, exchange())).toBe("accepted");
  });

  it("look at the issuer of a certificate that is its own, and at none where it is not known", async () => {
    const own = policy('validate-trust="false"', `issuer-thumbprint="${print(alone)}" issuer-subject="CN=alone"`);
    expect(await outcome(own, exchange({ certificate: alone, chain: chainOf(false, alone) }))).toBe("accepted");
    const unknown = policy('validate-trust="false" validate-revocation="false"', `issuer-thumbprint="${print(root)}"`);
    expect(await outcome(unknown, exchange({ chain: chainOf(false, client) }))).toBe("ClientCertificateNotAllowed");
  });

  it("are not fooled by an issuer's name", async () => {
    const impostor = await (await TestCertificate.root("CN=Root, O=Contoso")).issue("CN=client");
    const situation: Situation = { certificate: impostor, chain: chainOf(false, impostor) };
    const xml = policy('validate-trust="false" validate-revocation="false"', 'issuer-certificate-id="root"');
    expect(await outcome(xml, exchange(situation))).toBe("ClientCertificateNotAllowed");
  });

  it("are not fooled by a name with a comma in it", async () => {
    const options: CertificateOptions = { alternativeNames: [{ type: "dns", value: "x, DNS:client.test, y" }] };
    const impostor = await root.issue("CN=impostor", options);
    expect(await outcome(policy("", 'dns-name="client.test"'), exchange({ certificate: impostor }))).toBe(
      "ClientCertificateNotAllowed",
    );
  });
});

describe("the document", () => {
  const identities = (content: string) =>
    `<validate-client-certificate><identities>${content}</identities></validate-client-certificate>`;

  it.each([
    [identities(""), "1:39 <identities> needs an element <identity>"],
    [identities("<identity />".repeat(11)), "1:171 <identities> takes at most 10 <identity>"],
    [
      identities('<identity issuer-certificate-id="a" issuer-subject="CN=a" />'),
      '1:51 <identity> takes either "issuer-certificate-id" or "issuer-subject" and "issuer-thumbprint"',
    ],
    [
      identities('<identity subject="client" />'),
      '1:70 attribute "subject" of <identity> must be a distinguished name (CN=client, O=Contoso), not "client"',
    ],
    [
      identities("<identity thumbprint='@(\"a\")' />"),
      '1:73 attribute "thumbprint" of <identity> does not allow a policy expression',
    ],
    [
      '<validate-client-certificate validate-trust="no" />',
      '1:55 attribute "validate-trust" of <validate-client-certificate> must be "true" or "false", not "no"',
    ],
    [
      `<validate-client-certificate ignore-error='@(true)' />`,
      '1:53 attribute "ignore-error" of <validate-client-certificate> does not allow a policy expression',
    ],
  ])("%s", (xml, problem) => {
    const problems = compileXml(xml).diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`);
    expect(problems).toEqual([problem]);
  });

  it("may take what identifies clients from named values", () => {
    const namedValues = new Map([["client", { secret: false, value: "CN=client" }]]);
    expect(compileXml(identities('<identity subject="{{client}}" />'), "inbound", namedValues).diagnostics).toEqual([]);
  });
});
