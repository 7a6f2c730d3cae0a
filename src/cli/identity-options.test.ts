import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { TestCertificate } from "../policy/testing/pki.ts";
import { identityOptions } from "./identity-options.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-identity-options-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it("takes identity and authority from the environment", () => {
  const env = {
    AZURE_TENANT_ID: "t",
    AZURE_CLIENT_ID: "c",
    AZURE_CLIENT_SECRET: "s",
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us",
  };
  expect(identityOptions({}, env)).toEqual({
    identity: { default: expect.objectContaining({ source: "service-principal" }) },
    entraAuthority: "https://login.microsoftonline.us",
  });
  expect(identityOptions({}, {})).toEqual({ identity: {} });
});

it("takes them from files and options instead", async () => {
  const [first, second] = [await TestCertificate.root("CN=a"), await TestCertificate.root("CN=b")];
  const options = {
    identityFile: file("identity.json", '{ "default": { "source": "imds" } }'),
    entraAuthority: "http://127.0.0.1:1",
    clientCa: file("ca.pem", `# both\n${first.cert}\n${second.cert}\n`),
  };
  const found = identityOptions(options, { GATEHOUSE_IDENTITY: "magic" });
  expect(found).toMatchObject({ identity: { default: { source: "imds" } }, entraAuthority: "http://127.0.0.1:1" });
  expect(found.clientAuthorities).toHaveLength(2);
});

it.each([
  [{ identityFile: "/not/there" }, {}, 'There is no file "/not/there".'],
  [
    { identityFile: file("a.json", '{ "default": { "source": "x" } }') },
    {},
    'a.json" cannot be used: "default" needs a "source"',
  ],
  [
    {},
    { GATEHOUSE_IDENTITY: "magic" },
    'The identity that the environment describes cannot be used: GATEHOUSE_IDENTITY is "magic"',
  ],
  [{ entraAuthority: "login.microsoftonline.us" }, {}, "must be an http or https URL"],
  [{ clientCa: file("empty.pem", "nothing") }, {}, "holds no certificate in PEM form"],
  [
    { clientCa: file("bad.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----") },
    {},
    "holds a certificate that is damaged",
  ],
])("%j", (options, env, message) => {
  expect(() => identityOptions(options, env)).toThrow(message);
});
