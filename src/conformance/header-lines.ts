/** Header fields of a message: lower-case name to the value of each line. */
export type HeaderLines = Readonly<Record<string, readonly string[]>>;

/** Takes Node's flat list of names and values together by name. */
export function headerLines(raw: readonly string[]): HeaderLines {
  const lines: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    (lines[name] ??= []).push(raw[i + 1] as string);
  }
  return lines;
}

/** The same with repeated fields joined with `, `. */
export function joinedLines(lines: HeaderLines): Record<string, string> {
  return Object.fromEntries(Object.entries(lines).map(([name, values]) => [name, values.join(", ")]));
}
