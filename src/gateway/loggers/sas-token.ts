import { createHmac } from "node:crypto";

/** How an Azure messaging namespace is reached with a key. */
export interface ConnectionString {
  /** Host name of the namespace, with a port where it is not the usual one. */
  host: string;
  keyName: string;
  key: string;
  /** Event hub, queue or topic, where the string names one. */
  entity: string | undefined;
}

/**
 * Reads `Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…[;EntityPath=…]`.
 * @throws Error that names what is missing, and nothing of the text.
 */
export function parseConnectionString(text: string): ConnectionString {
  const parts = new Map<string, string>();
  for (const part of text.split(";")) {
    const equals = part.indexOf("=");
    if (equals > 0) parts.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  const required = (name: string) => {
    const value = parts.get(name.toLowerCase());
    if (value === undefined || value === "") throw new Error(`The connection string has no ${name}.`);
    return value;
  };
  const host = namespaceHost(required("Endpoint"));
  return {
    host,
    keyName: required("SharedAccessKeyName"),
    key: required("SharedAccessKey"),
    entity: parts.get("entitypath") || undefined,
  };
}

/**
 * The host of a namespace, given as a name or as a URL with any scheme.
 * @throws Error for anything else.
 */
export function namespaceHost(address: string): string {
  const host = /^(?:[a-z]+:\/\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)\/?$/i.exec(address.trim())?.[1];
  if (host === undefined) throw new Error("The address of the namespace is not a host name.");
  return host.toLowerCase();
}

/**
 * A shared access signature for a resource.
 * @param expiry seconds since the Unix epoch.
 */
export function sasToken(resource: string, keyName: string, key: string, expiry: number): string {
  const uri = encodeURIComponent(resource);
  const signature = createHmac("sha256", key).update(`${uri}\n${expiry}`).digest("base64");
  return `SharedAccessSignature sr=${uri}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${encodeURIComponent(keyName)}`;
}
