import type { Credentials } from "./certificate-authority.ts";

/**
 * The files of a case as text: a mapping becomes JSON. `{certificate:NAME}` in text stands for the PEM of one of the
 * case's certificates.
 */
export function caseFiles(
  files: Readonly<Record<string, unknown>>,
  credentials: ReadonlyMap<string, Credentials>,
): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [path, content] of Object.entries(files)) {
    if (content === null || content === undefined) continue; // `change` takes a file away with null.
    const text = typeof content === "string" ? content : JSON.stringify(content);
    texts.set(
      path,
      text.replace(/\{certificate:([A-Za-z0-9_-]+)\}/g, (whole, name: string) => {
        const pem = credentials.get(name)?.cert;
        return pem === undefined ? whole : typeof content === "string" ? pem : pem.replaceAll("\n", "\\n");
      }),
    );
  }
  return texts;
}
