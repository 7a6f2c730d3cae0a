/** Attribute names that .NET prints otherwise than OpenSSL does. */
const netNames: Readonly<Record<string, string>> = {
  ST: "S",
  emailAddress: "E",
  street: "STREET",
  title: "T",
  GN: "G",
};

/** One `name=value` of a distinguished name. */
export interface NamePart {
  name: string;
  value: string;
}

/**
 * The parts of a distinguished name as node:crypto prints it, one a line in the order of the certificate; several
 * values of one relative name stand on one line, joined by `+`.
 */
export function parseName(text: string): NamePart[] {
  return text.split("\n").flatMap((line) => {
    const equals = line.indexOf("=");
    if (equals < 0) return [];
    return [{ name: line.slice(0, equals), value: unescapeValue(line.slice(equals + 1)) }];
  });
}

/** OpenSSL escapes special characters by a backslash. */
function unescapeValue(value: string): string {
  return value.replace(/\\([0-9A-Fa-f]{2}|.)/g, (_, c: string) =>
    c.length === 2 ? String.fromCharCode(Number.parseInt(c, 16)) : c,
  );
}

/** The name as .NET prints it: most specific part first, values with special characters in quotes. */
export function formatName(text: string): string {
  return parseName(text)
    .reverse()
    .map(({ name, value }) => `${netNames[name] ?? name}=${quoted(value)}`)
    .join(", ");
}

function quoted(value: string): string {
  return /[,+="\n<>#;]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
