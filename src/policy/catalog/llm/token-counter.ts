import { setImmediate as nextTurn } from "node:timers/promises";

/** Counts the tokens of a short text. */
type Count = (text: string) => number;

/**
 * Characters that are handed to the tokenizer at once. Its work grows with the square of a text without word
 * boundaries, which callers can send: pieces keep it linear, and cost a token too many now and then.
 */
const PIECE = 512;
/** Characters between two turns of the event loop: about ten milliseconds of work for the worst text. */
const TURN = 8192;
/** Characters that are looked at; the rest of a longer text is taken to be like them. */
const MOST_CHARACTERS = 65_536;

let loading: Promise<Count> | undefined;
let loaded: Count | undefined;

/**
 * The tokenizer, loaded once, when a gateway has a policy that counts tokens: its vocabulary takes 0.1 s and 30 MB.
 * One vocabulary (that of GPT-4o and later) stands for all models: estimates of others come out a few percent off.
 */
function load(): Promise<Count> {
  return (loading ??= import("gpt-tokenizer/encoding/o200k_base").then((tokenizer) => {
    tokenizer.setMergeCacheSize(10_000);
    // Names of control tokens in a caller's text are plain text.
    const options = { disallowedSpecial: new Set<string>() };
    return (loaded = (text) => tokenizer.countTokens(text, options));
  }));
}

/** Begins to load the tokenizer, so that the first request does not have to wait for it. */
export function prepareTokenCounter(): void {
  // What went wrong shows when something is counted.
  load().catch(() => {});
}

/** Estimates how many tokens a text has; a long text is counted in turns, so that other requests go on. */
export async function countTokens(text: string): Promise<number> {
  if (text === "") return 0;
  const count = loaded ?? (await load());
  const counted = text.length > MOST_CHARACTERS ? sample(text) : text;
  let tokens = 0;
  for (let from = 0; from < counted.length; from += TURN) {
    if (from > 0) await nextTurn();
    tokens += countPieces(counted.slice(from, from + TURN), count);
  }
  return Math.round((tokens * text.length) / counted.length);
}

/** Counts a text that arrives piece by piece, such as the answer of a language model; keeps little of it. */
export class TokenMeter {
  #pending = "";
  #tokens = 0;
  #counted = 0;
  #skipped = 0;

  add(text: string): void {
    if (this.#counted + this.#pending.length >= MOST_CHARACTERS) {
      this.#skipped += text.length;
      return;
    }
    this.#pending += text;
    // A word may go on in the next piece: only the beginning is counted now.
    while (loaded && this.#pending.length >= 2 * PIECE) this.#count(this.#pending.slice(0, PIECE), loaded);
  }

  /** The estimate so far; at once where the tokenizer is there. */
  total(): number | Promise<number> {
    if (this.#counted + this.#pending.length === 0) return 0;
    return loaded ? this.#total(loaded) : load().then((count) => this.#total(count));
  }

  #total(count: Count): number {
    while (this.#pending !== "") this.#count(this.#pending.slice(0, PIECE), count);
    return Math.round((this.#tokens * (this.#counted + this.#skipped)) / this.#counted);
  }

  #count(piece: string, count: Count): void {
    this.#tokens += count(piece);
    this.#counted += piece.length;
    this.#pending = this.#pending.slice(piece.length);
  }
}

function countPieces(text: string, count: Count): number {
  let tokens = 0;
  for (let from = 0; from < text.length; from += PIECE) tokens += count(text.slice(from, from + PIECE));
  return tokens;
}

/** Parts from all over a long text: a caller could put what counts little at its beginning. */
function sample(text: string): string {
  const parts = MOST_CHARACTERS / PIECE;
  const step = Math.floor((text.length - PIECE) / (parts - 1));
  return Array.from({ length: parts }, (_, i) => text.slice(i * step, i * step + PIECE)).join("");
}
