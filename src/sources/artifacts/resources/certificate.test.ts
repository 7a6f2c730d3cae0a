import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CertificateResource } from "../../../model/catalog.ts";
import { readTestFiles } from "../testing.ts";

const FILE = "certificates/c/certificateInformation.json";

function fixture(name: string): string {
  return readFileSync(new URL(`../../../model/certificates/fixtures/${name}`, import.meta.url), "utf8");
}

function read(properties: object): { certificates: readonly CertificateResource[]; findings: string[] } {
  const { catalog, findings } = readTestFiles({ [FILE]: { properties } });
  return { certificates: catalog.certificates, findings };
}

describe("a certificate", () => {
  it("is read with its key", () => {
    const { certificates, findings } = read({ data: fixture("aes.p12.txt"), password: "geheim" });
    expect(findings).toEqual([]);
    expect(certificates).toMatchObject([{ id: "c", thumbprint: "B468E99250618C2EA5343E84F1DEA16E622EAF74" }]);
    expect(certificates[0]?.certificate).toContain("-----BEGIN CERTIFICATE-----");
    expect(certificates[0]?.key).toContain("-----BEGIN PRIVATE KEY-----");
  });

  it("may be PEM in a YAML block", () => {
    const indented = fixture("leaf.pem").replaceAll("\n", "\n    ");
    const text = `properties:\n  data: |\n    ${indented}\n`;
    const { catalog, findings } = readTestFiles({ "certificates/c/certificateInformation.yaml": text });
    expect(findings).toEqual([]);
    expect(catalog.certificates).toHaveLength(1);
  });

  it.each([
    [{}, `${FILE}:2:3 error "data" is required`],
    [{ data: "%" }, `${FILE}:3:5 error the certificate cannot be read: it is neither PEM nor base64`],
    [
      { data: fixture("rc2.p12.txt"), password: "geheim" },
      `${FILE}:3:5 error the certificate cannot be read: its encryption is outdated (such as RC2) or not known; export it again with AES-256`,
    ],
    [
      { keyVault: { secretIdentifier: "https://x/y" } },
      `${FILE}:3:5 error certificates in a key vault are not supported yet (give the certificate in "data")`,
    ],
  ])("is left out where it cannot be read (%#)", (properties, finding) => {
    const { certificates, findings } = read(properties);
    expect(findings).toEqual([finding]);
    expect(certificates).toEqual([]);
  });
});
