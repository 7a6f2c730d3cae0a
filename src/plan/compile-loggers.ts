import type { Catalog, LoggerResource } from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { didYouMean } from "../model/nearest.ts";
import type { PlanElement } from "../policy/compiler/element.ts";
import type { NamedValue } from "../policy/compiler/named-values.ts";
import { walkElements } from "./compile-policies.ts";
import { compileText } from "./compile-text.ts";
import type { LoggerPart, PlanText, PolicyPart } from "./plan.ts";

/** Properties of a logger that may not stand in a plan. */
type SecretProperty = "connectionString" | "authorization";

/** Compiles the loggers that policies write to; the others are none of a gateway's business. */
export class LoggerCompiler {
  readonly #loggers: ReadonlyMap<string, LoggerResource>;
  readonly #used = new Map<string, LoggerResource>();

  constructor(catalog: Catalog) {
    this.#loggers = new Map((catalog.loggers ?? []).map((logger) => [logger.id, logger]));
  }

  /** Notes what a document writes to. Unknown loggers, and those that nothing can be written to, are errors there. */
  check(part: PolicyPart, report: (at: string, code: string, message: string, hint: string | undefined) => void): void {
    for (const element of walkElements(part)) {
      if (element.name !== "log-to-eventhub") continue;
      const id = loggerId(element);
      const logger = id === undefined ? undefined : this.#loggers.get(id);
      if (id === undefined) {
        const message = '"logger-id" of <log-to-eventhub> may not hold a secret named value';
        report(element.at, "unknown-logger", message, undefined);
      } else if (!logger) {
        const message = `<log-to-eventhub> names the logger "${id}", which does not exist`;
        const hint = didYouMean(id, this.#loggers.keys()) ?? `add "loggers/${id}/loggerInformation.json"`;
        report(element.at, "unknown-logger", message, hint);
      } else if (logger.target.kind === "none") {
        const message = `<log-to-eventhub> cannot write to the logger "${id}": ${logger.target.reason}`;
        report(element.at, "unusable-logger", message, undefined);
      } else this.#used.set(id, logger);
    }
  }

  /** The loggers that were noted, by id. */
  compile(namedValues: ReadonlyMap<string, NamedValue>, diagnostics: Diagnostic[]): LoggerPart[] {
    const used = [...this.#used.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return used.flatMap((logger) => {
      const target = compileTarget(logger, namedValues, diagnostics);
      return target ? [{ kind: "logger", id: logger.id, target }] : [];
    });
  }
}

function loggerId(element: PlanElement): string | undefined {
  const id = element.attributes?.["logger-id"];
  return typeof id === "string" ? id.trim() : undefined;
}

function compileTarget(
  logger: LoggerResource,
  namedValues: ReadonlyMap<string, NamedValue>,
  diagnostics: Diagnostic[],
): LoggerPart["target"] | undefined {
  const { id, origin, target } = logger;
  const place = { origin, path: ["properties", "credentials"], what: `the credentials of logger "${id}"` };
  const text = (value: string) => compileText(value, place, namedValues, diagnostics);
  const secret = (property: SecretProperty, value: string): PlanText =>
    isReference(value) ? text(value) : { template: [{ secret: loggerSecret(logger, property) }] };
  switch (target.kind) {
    case "event-hub":
      return {
        kind: target.kind,
        name: target.name === undefined ? null : text(target.name),
        connectionString: secret("connectionString", target.connectionString),
      };
    case "event-hub-identity": {
      const clientId = target.clientId === undefined ? null : text(target.clientId);
      return { kind: target.kind, name: text(target.name), endpoint: text(target.endpoint), clientId };
    }
    case "file":
      return { kind: target.kind, path: target.path };
    case "http": {
      const { authorization } = target;
      return {
        kind: target.kind,
        url: text(target.url),
        authorization: authorization === undefined ? null : secret("authorization", authorization),
      };
    }
    default:
      return undefined;
  }
}

/** Secrets that stand in the catalog's loggers, by the names that plans call them. */
export function loggerSecrets(catalog: Catalog): { name: string; value: string; file: string }[] {
  return (catalog.loggers ?? []).flatMap((logger) => {
    const { target, origin } = logger;
    const found: [SecretProperty, string | undefined][] =
      target.kind === "event-hub"
        ? [["connectionString", target.connectionString]]
        : target.kind === "http"
          ? [["authorization", target.authorization]]
          : [];
    return found.flatMap(([property, value]) =>
      value === undefined || isReference(value)
        ? []
        : [{ name: loggerSecret(logger, property), value, file: origin.file }],
    );
  });
}

/** Names of the secrets that a compiled logger needs of its own; those of named values are listed with them. */
export function ownSecrets(parts: readonly LoggerPart[]): string[] {
  return parts.flatMap(({ target }) => {
    const texts =
      target.kind === "event-hub" ? [target.connectionString] : target.kind === "http" ? [target.authorization] : [];
    return texts.flatMap((text) => {
      if (text === null || typeof text === "string") return [];
      return text.template.flatMap((part) =>
        typeof part === "object" && part.secret.includes(":") ? [part.secret] : [],
      );
    });
  });
}

/** Names of named values hold neither colons nor slashes, so these cannot be taken for them. */
function loggerSecret(logger: LoggerResource, property: SecretProperty): string {
  return `logger:${logger.id}/${property}`;
}

/** The value refers to named values, which say themselves what is secret. */
function isReference(value: string): boolean {
  return /\{\{[A-Za-z0-9\-._]{1,256}\}\}/.test(value);
}
