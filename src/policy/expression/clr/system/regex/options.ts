/** `RegexOptions` as bits. */
export const IGNORE_CASE = 1;
export const MULTILINE = 2;
export const EXPLICIT_CAPTURE = 4;
export const SINGLELINE = 16;
export const IGNORE_WHITE_SPACE = 32;
export const RIGHT_TO_LEFT = 64;
export const ECMA_SCRIPT = 256;

export const REGEX_OPTIONS: Readonly<Record<string, number>> = {
  None: 0,
  IgnoreCase: IGNORE_CASE,
  Multiline: MULTILINE,
  ExplicitCapture: EXPLICIT_CAPTURE,
  Compiled: 8,
  Singleline: SINGLELINE,
  IgnorePatternWhitespace: IGNORE_WHITE_SPACE,
  RightToLeft: RIGHT_TO_LEFT,
  ECMAScript: ECMA_SCRIPT,
  CultureInvariant: 512,
};

/** Inline option letters: `(?imnsx-imnsx)`. */
export const OPTION_LETTERS: Readonly<Record<string, number>> = {
  i: IGNORE_CASE,
  m: MULTILINE,
  n: EXPLICIT_CAPTURE,
  s: SINGLELINE,
  x: IGNORE_WHITE_SPACE,
};
