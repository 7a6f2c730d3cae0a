/** Random numbers in [0, 1) that are the same for the same seed (mulberry32), so that a failing run can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Tokens of a text as fuzzing cuts it: words, numbers, quoted strings, single characters. */
function tokens(text: string): string[] {
  return text.match(/\w+|"[^"]*"|\s+|[^\w\s]/g) ?? [];
}

/**
 * A text with a few random changes: tokens dropped, doubled, swapped, or taken from another text of the same kind,
 * and now and then a character that has no business there.
 */
export function mutate(text: string, others: readonly string[], random: () => number): string {
  const parts = tokens(text);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const changes = 1 + Math.floor(random() * random() * 5);
  for (let i = 0; i < changes && parts.length > 0; i++) {
    const at = Math.floor(random() * parts.length);
    switch (Math.floor(random() * 6)) {
      case 0:
        parts.splice(at, 1);
        break;
      case 1:
        parts.splice(at, 0, parts[at] as string);
        break;
      case 2: {
        const other = Math.floor(random() * parts.length);
        [parts[at], parts[other]] = [parts[other] as string, parts[at] as string];
        break;
      }
      case 3:
        parts[at] = pick(tokens(pick(others)));
        break;
      case 4:
        parts.splice(at, 0, ...tokens(pick(others)).slice(0, 1 + Math.floor(random() * 8)));
        break;
      default:
        parts.splice(
          at,
          0,
          pick([
            "\0",
            "\u2028",
            "\ud800",
            "}",
            ")",
            "{",
            "(",
            '"',
            "'",
            "@",
            "$",
            "\\",
            "9".repeat(40),
            "<!--",
            "&#x0;",
          ]),
        );
    }
  }
  return parts.join("");
}
