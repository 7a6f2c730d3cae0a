/**
 * The alternative names of a kind (`DNS`, `email`, `URI`) out of the text that node:crypto makes of them. Names that hold
 * commas or quotes stand in JSON's quotes there, so that none of them can pass for several.
 */
export function alternativeNames(text: string | undefined, kind: string): string[] {
  const names: string[] = [];
  const entries = /(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/gy;
  for (let entry = entries.exec(text ?? ""); entry; entry = entries.exec(text ?? "")) {
    const [, found, value = ""] = entry;
    if (found === kind) names.push(value.startsWith('"') ? unquoted(value) : value);
  }
  return names;
}

function unquoted(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
