import { didYouMean } from "../../model/nearest.ts";
import { type DataDocument, type DataPath, isRecord, parseDataDocument } from "../document/data-document.ts";
import type { Report } from "../report.ts";
import type { FolderKind } from "./layout.ts";
import { fillTokens, hideTokens } from "./tokens.ts";
import { childrenOf, type ResourceFolder } from "./tree.ts";

/** Values of tokens by name, such as the process's environment variables. */
export type TokenValues = Readonly<Record<string, string | undefined>>;

/** Sections of a configuration and the resources they override. */
const SECTIONS: Partial<Record<FolderKind, Readonly<Record<string, FolderKind>>>> = {
  service: {
    apis: "api",
    authorizationProviders: "credential-provider",
    backends: "backend",
    certificates: "certificate",
    groups: "group",
    loggers: "logger",
    namedValues: "named-value",
    policyFragments: "fragment",
    products: "product",
    subscriptions: "subscription",
    users: "user",
    versionSets: "version-set",
    workspaces: "workspace",
  },
  api: { operations: "operation" },
  "credential-provider": { authorizations: "connection" },
};

/** Sections of the original tools that hold nothing for a gateway. */
const OTHER_SECTIONS = ["diagnostics", "gateways", "schemas", "tags", "releases", "policyRestrictions"];

/** What an environment may not change about an API: the folder says it. */
const FIXED = ["apiRevision", "isCurrent"];

/**
 * Reads `configuration.{env}.yaml`: overrides of resource properties for one environment, `{#[TOKEN]#}` replaced by
 * the tokens' values.
 * @returns undefined when it cannot be read; the reasons are in the report.
 */
export function readOverrides(
  file: string,
  text: string,
  tokens: TokenValues,
  report: Report,
): DataDocument | undefined {
  const document = parseDataDocument(file, hideTokens(text), report);
  if (!document) return undefined;
  const reported = new Set<string>();
  const value = fillTokens(document.value, (name, path) => {
    const found = Object.hasOwn(tokens, name) ? tokens[name] : undefined;
    if (found === undefined && !reported.has(name)) {
      reported.add(name);
      report.error(document.place(path), "missing-token", `there is no value for the token "${name}"`);
    }
    return found;
  });
  return { ...document, value };
}

/**
 * Lays the overrides of an environment over the resources of the tree. A resource that does not exist is not made:
 * the override is reported and passed over, as the original tools do.
 * @returns the service's name, where the configuration gives one.
 */
export function applyOverrides(
  root: ResourceFolder,
  overrides: DataDocument,
  report: Report,
): { serviceName: string | undefined } {
  if (overrides.value === null) return { serviceName: undefined };
  if (!isRecord(overrides.value)) {
    report.error(overrides.place([]), "invalid-overrides", "the configuration must be an object of sections");
    return { serviceName: undefined };
  }
  const applying = new Applying(overrides, report);
  applying.sections(root, overrides.value, []);
  const name = overrides.value.apimServiceName;
  return { serviceName: typeof name === "string" && name !== "" ? name : undefined };
}

class Applying {
  readonly #overrides: DataDocument;
  readonly #report: Report;

  constructor(overrides: DataDocument, report: Report) {
    this.#overrides = overrides;
    this.#report = report;
  }

  sections(folder: ResourceFolder, value: Record<string, unknown>, path: DataPath): void {
    const { kind } = folder.layout;
    const sections = SECTIONS[kind === "workspace" ? "service" : kind] ?? {};
    const plain = kind === "service" ? ["apimServiceName"] : ["name", "properties"];
    for (const [name, items] of Object.entries(value)) {
      const at = [...path, name];
      if (Object.hasOwn(sections, name)) this.#section(folder, sections[name] as FolderKind, items, at);
      else if (name === "policies") this.#policies(folder, items, at);
      else if (!OTHER_SECTIONS.includes(name) && !plain.includes(name)) {
        const known = [...Object.keys(sections), "policies", ...OTHER_SECTIONS, ...plain];
        const message = `the section "${name}" is not read`;
        this.#report.warning(this.#overrides.place(at), "unknown-section", message, didYouMean(name, known));
      }
    }
  }

  #section(parent: ResourceFolder, kind: FolderKind, items: unknown, path: DataPath): void {
    for (const { item, name, at } of this.#items(items, path)) {
      const children = childrenOf(parent, kind);
      const folder = children.find((child) => child.name.toLowerCase() === name.toLowerCase());
      if (!folder) {
        const message = `"${name}" has no artifact, so its override is ignored`;
        const hint = didYouMean(
          name,
          children.map((child) => child.name),
        );
        this.#report.warning(this.#overrides.place(at), "override-without-artifact", message, hint);
        continue;
      }
      this.#properties(folder, item, at);
      this.sections(folder, item, at);
    }
  }

  #properties(folder: ResourceFolder, item: Record<string, unknown>, path: DataPath): void {
    const value = item.properties;
    if (value === undefined || value === null) return;
    const at = [...path, "properties"];
    if (!isRecord(value)) {
      this.#report.error(this.#overrides.place(at), "invalid-overrides", '"properties" must be an object');
      return;
    }
    let kept: Record<string, unknown> = value;
    if (folder.layout.kind === "api") {
      for (const name of FIXED.filter((fixed) => Object.hasOwn(value, fixed))) {
        const place = this.#overrides.place([...at, name]);
        this.#report.warning(place, "fixed-property", `"${name}" cannot be overridden and is ignored`);
      }
      kept = Object.fromEntries(Object.entries(value).filter(([name]) => !FIXED.includes(name)));
    }
    if (folder.infos.length === 0 && folder.layout.info !== undefined) {
      const message = `"${folder.name}" has no ${folder.layout.info}.json, so its override is ignored`;
      this.#report.warning(this.#overrides.place(at), "override-without-artifact", message);
      return;
    }
    folder.overlay = { document: this.#overrides, path: at, value: kept };
  }

  /** Entries are named `policy`; `format` is the original tools' business, `value` replaces the text. */
  #policies(folder: ResourceFolder, items: unknown, path: DataPath): void {
    for (const { item, at } of this.#items(items, path)) {
      const properties = item.properties;
      const value = isRecord(properties) ? properties.value : undefined;
      if (typeof value !== "string") continue;
      const { file, line } = this.#overrides.place([...at, "properties", "value"]);
      folder.policyOverlay = { file: `${file}#${line}`, text: value };
    }
  }

  #items(items: unknown, path: DataPath): { item: Record<string, unknown>; name: string; at: DataPath }[] {
    if (items === null || items === undefined) return [];
    if (!Array.isArray(items)) {
      this.#report.error(this.#overrides.place(path), "invalid-overrides", `"${path.at(-1)}" must be a list`);
      return [];
    }
    return items.flatMap((item: unknown, index) => {
      const at = [...path, index];
      if (isRecord(item) && typeof item.name === "string") return [{ item, name: item.name, at }];
      this.#report.error(this.#overrides.place(at), "invalid-overrides", 'each item needs a "name"');
      return [];
    });
  }
}
