import type { LoggerResource, LoggerTarget } from "../../../model/catalog.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import type { Properties } from "../properties.ts";
import type { ResourceFolder } from "../tree.ts";

const KNOWN = ["loggerType", "description", "credentials", "isBuffered", "resourceId"];
const CREDENTIALS = [
  "name",
  "connectionString",
  "endpointAddress",
  "identityClientId",
  "instrumentationKey",
  "path",
  "url",
  "authorization",
];
const NO_TARGET = "its type is not azureEventHub, file or http";

/**
 * `loggers/{l}/loggerInformation.json` (management API reference, 2.15), with two types of our own: `file` (credentials
 * `path`) and `http` (credentials `url`, `authorization`). Exports leave credentials out, so that what is missing is an
 * error only where a policy writes to the logger.
 */
export function readLogger(folder: ResourceFolder, context: ReadContext): Draft<LoggerResource> | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const type = properties.text("loggerType");
  properties.text("description", { max: 256 });
  const credentials = properties.object("credentials");
  credentials?.expect(CREDENTIALS);
  return { properties, resource: { ...identity, target: readTarget(type, credentials) } };
}

function readTarget(type: string | undefined, credentials: Properties | undefined): LoggerTarget {
  const text = (name: string) => credentials?.text(name, { min: 1 });
  switch (type?.toLowerCase()) {
    case "azureeventhub":
      return readEventHub(text);
    case "file": {
      const path = text("path");
      if (path === undefined) return missing("path");
      // Who writes artifacts need not be who may write anywhere on the gateway's machine.
      if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(path)) {
        const message = '"path" must be the name of a file: letters, digits, ".", "-" and "_"';
        credentials?.error("path", "invalid-property", message, "the gateway's settings say in which folder it stands");
      }
      return { kind: "file", path };
    }
    case "http": {
      const url = text("url");
      if (url === undefined) return missing("url");
      if (!/^(?:https?:\/\/|\{\{)/i.test(url)) {
        credentials?.error("url", "invalid-property", '"url" must be an absolute http or https URL');
      }
      return { kind: "http", url, ...defined({ authorization: text("authorization") }) };
    }
    default:
      return { kind: "none", reason: NO_TARGET };
  }
}

function readEventHub(text: (name: string) => string | undefined): LoggerTarget {
  const name = text("name");
  const connectionString = text("connectionString");
  if (connectionString !== undefined) return { kind: "event-hub", connectionString, ...defined({ name }) };
  const endpoint = text("endpointAddress");
  if (endpoint === undefined) return missing("connectionString");
  if (name === undefined) return missing("name");
  return { kind: "event-hub-identity", name, endpoint, ...defined({ clientId: text("identityClientId") }) };
}

function missing(name: string): LoggerTarget {
  return { kind: "none", reason: `its credentials have no "${name}"` };
}
