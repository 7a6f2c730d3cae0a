import type { NamedValueResource } from "../../../model/catalog.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { displayNameOf, readInfo } from "../info.ts";
import type { Properties } from "../properties.ts";
import type { ResourceFolder } from "../tree.ts";

const KNOWN = ["displayName", "value", "secret", "tags", "keyVault", "provisioningState"];

/** What apiops-cli writes where a secret stood. */
const REDACTED = "*** REDACTED ***";

const SECRET_IDENTIFIER = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+|vault:.+|https:\/\/.+)$/;

/** `named values/{x}/namedValueInformation.json` (management API reference, 2.12). */
export function readNamedValue(folder: ResourceFolder, context: ReadContext): Draft<NamedValueResource> | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const displayName = displayNameOf(properties, folder.name, 256);
  if (!/^[A-Za-z0-9\-._]+$/.test(displayName)) {
    const message = `"${displayName}" may hold letters, digits, "-", "." and "_" only: it is the name inside {{…}}`;
    properties.error("displayName", "invalid-property", message);
  }
  const secretIdentifier = readSecretIdentifier(properties);
  const value = readValue(properties);
  const secret = properties.boolean("secret") ?? false;
  if (value === undefined && secretIdentifier === undefined && !properties.broken) {
    if (secret) {
      const message = `the secret "${displayName}" has no value here`;
      const hint =
        'give "value", or "keyVault": { "secretIdentifier": "env:NAME" }, here or in configuration.{env}.yaml';
      properties.warning(undefined, "secret-without-value", message, hint);
    } else properties.missing("value");
  }
  const tags = properties.texts("tags") ?? [];
  if (tags.length > 32) properties.error("tags", "invalid-property", '"tags" may hold at most 32 texts');
  return {
    properties,
    resource: { ...identity, displayName, secret, tags, ...defined({ value, secretIdentifier }) },
  };
}

function readValue(properties: Properties): string | undefined {
  const value = properties.text("value", { max: 4096 });
  if (value === undefined || value === REDACTED) return undefined;
  if (value.trim() === "") {
    properties.error("value", "invalid-property", '"value" may not be blank');
    return undefined;
  }
  if (/\{\{[A-Za-z0-9\-._]+\}\}/.test(value)) {
    const message = "a named value may not refer to another one; the reference stays as it is written";
    properties.warning("value", "nested-named-value", message);
  }
  return value;
}

function readSecretIdentifier(properties: Properties): string | undefined {
  const keyVault = properties.object("keyVault");
  if (!keyVault) return undefined;
  keyVault.expect(["secretIdentifier", "identityClientId", "lastStatus"]);
  const identifier = keyVault.requiredText("secretIdentifier");
  if (identifier === undefined || SECRET_IDENTIFIER.test(identifier)) return identifier;
  const message = '"secretIdentifier" must be env:NAME, file:/path or the https:// address of a secret';
  keyVault.error("secretIdentifier", "invalid-property", message);
  return undefined;
}
