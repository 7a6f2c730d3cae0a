import type { CertificateResource } from "../../../model/catalog.ts";
import { type CertificateMaterial, readCertificateData } from "../../../model/certificates/read-certificate.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import type { Properties } from "../properties.ts";
import type { ResourceFolder } from "../tree.ts";

const KNOWN = ["data", "password", "storeName", "keyVault", "subject", "thumbprint", "expirationDate"];

/**
 * `certificates/{c}/certificateInformation.json`, in the style of the other folders (2.14); the original tools know no
 * certificates. `data` is PEM text, or base64 of PEM or PKCS#12; `storeName` says that clients' certificates are checked with it.
 */
export function readCertificate(folder: ResourceFolder, context: ReadContext): Draft<CertificateResource> | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const storeName = properties.choice("storeName", ["Root", "CertificateAuthority"]);
  const material = readMaterial(properties);
  return material && { properties, resource: { ...identity, ...material, ...defined({ storeName }) } };
}

function readMaterial(properties: Properties): CertificateMaterial | undefined {
  const password = properties.text("password");
  if (!properties.has("data") && properties.has("keyVault")) {
    const message = "certificates in a key vault are not supported yet";
    properties.error("keyVault", "unsupported", message, 'give the certificate in "data"');
    return undefined;
  }
  const data = properties.requiredText("data");
  if (data === undefined) return undefined;
  try {
    return readCertificateData(data, password);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    properties.error("data", "invalid-certificate", `the certificate cannot be read: ${reason}`);
    return undefined;
  }
}
