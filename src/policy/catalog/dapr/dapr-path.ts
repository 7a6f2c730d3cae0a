import { parseUrl, type UrlParts } from "../../exchange/url.ts";

/** An address of the sidecar: its base address with a path of its API. */
export function daprUrl(address: string, path: string): UrlParts {
  const base = parseUrl(address);
  if (!base) throw new Error(`The address of the Dapr sidecar, "${address}", is not an absolute http or https URL.`);
  return { ...base, path: base.path.replace(/\/+$/, "") + path, query: "" };
}
