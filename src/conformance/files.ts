/**
 * The files of a case as text: a mapping becomes JSON. `{NAME}` in text stands for the text of that name
 * (`certificate:alice`: the PEM of a certificate of the case, `credentials:alice`: with its key, `thumbprint:alice`;
 * `key:main:k1:n`: a part of an issuer's public key).
 */
export function caseFiles(
  files: Readonly<Record<string, unknown>>,
  placeholders: ReadonlyMap<string, string>,
): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [path, content] of Object.entries(files)) {
    if (content === null || content === undefined) continue; // `change` takes a file away with null.
    const json = typeof content !== "string";
    const text = json ? JSON.stringify(content) : content;
    texts.set(
      path,
      text.replace(PLACEHOLDER, (whole, name: string) => {
        const value = placeholders.get(name);
        return value === undefined ? whole : json ? value.replaceAll("\n", "\\n") : value;
      }),
    );
  }
  return texts;
}

const PLACEHOLDER = /\{((?:certificate|credentials|thumbprint|key):[A-Za-z0-9:_-]+)\}/g;

/** Does any of the files need the text of a key? Making keys takes time. */
export function namesKeys(files: Readonly<Record<string, unknown>>): boolean {
  return Object.values(files).some((content) => JSON.stringify(content ?? null).includes("{key:"));
}
