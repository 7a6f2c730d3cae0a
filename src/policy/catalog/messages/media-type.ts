/** `type/subtype` of a Content-Type value, lower case, without parameters; empty for none. */
export function mediaType(contentType: string | undefined): string {
  if (contentType === undefined) return "";
  const end = contentType.indexOf(";");
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** Does a media type name JSON or XML: `application/json`, `text/json`, `application/problem+json`? */
export function isFormat(type: string, format: "json" | "xml"): boolean {
  return type === `application/${format}` || type === `text/${format}` || type.endsWith(`+${format}`);
}

/** Does an Accept value ask for the format by name, with a weight above zero? Wildcards do not ask for it. */
export function acceptsFormat(accept: string | undefined, format: "json" | "xml"): boolean {
  if (accept === undefined) return false;
  return accept.split(",").some((range) => isFormat(mediaType(range), format) && weight(range) > 0);
}

/** The charset parameter of a Content-Type value, lower case; `utf-8` where there is none. */
export function charset(contentType: string | undefined): string {
  const found = contentType === undefined ? null : /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType);
  return found?.[1]?.toLowerCase() ?? "utf-8";
}

function weight(range: string): number {
  const found = /;\s*q\s*=\s*([0-9.]+)/i.exec(range);
  return found ? Number(found[1]) : 1;
}
