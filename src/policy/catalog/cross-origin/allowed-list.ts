import { literalText, type PlanElement } from "../../compiler/element.ts";
import type { Loader } from "../../compiler/loader.ts";
import type { Exchange } from "../../exchange/exchange.ts";

/** What a `cors` policy allows of one kind: everything, or certain names. */
export interface AllowedList {
  all: boolean;
  /** As written, for response header fields. */
  names: readonly string[];
  /** In the form that requests are compared with. */
  known: ReadonlySet<string>;
}

/**
 * Reads the children of one list element (`origin` in `allowed-origins`), once where all are literals.
 * `normalize` gives the form for comparing; one `*` among them allows everything.
 */
export function allowedList(
  elements: readonly PlanElement[],
  loader: Loader,
  normalize: (name: string) => string,
): (x: Exchange) => AllowedList {
  const texts = elements.map((element) => loader.textOf(element.text));
  const make = (names: readonly string[]): AllowedList => {
    const trimmed = names.map((name) => name.trim()).filter((name) => name !== "");
    return { all: trimmed.includes("*"), names: trimmed, known: new Set(trimmed.map(normalize)) };
  };
  const literals = elements.map((element) => literalText(element.text ?? ""));
  if (!literals.every((text) => text !== undefined)) return (x) => make(texts.map((text) => text(x)));
  const constant = make(literals);
  return () => constant;
}

/**
 * The origin that browsers send for a URL as authors write it: scheme and host in lower case, the scheme's default
 * port left out, no slash or path at the end. What is no URL stays as it is (`null`).
 */
export function normalizeOrigin(written: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@]+)\/?$/i.exec(written);
  if (!match) return written;
  const scheme = (match[1] as string).toLowerCase();
  const host = (match[2] as string).toLowerCase();
  const port = scheme === "https" ? ":443" : scheme === "http" ? ":80" : undefined;
  return `${scheme}://${port && host.endsWith(port) ? host.slice(0, -port.length) : host}`;
}
