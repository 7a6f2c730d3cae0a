import type { Evaluate } from "../../compiler/loader.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { OpenIdConfiguration } from "../../exchange/services.ts";
import type { DecryptionKey } from "./decryption.ts";
import { KeyRing } from "./key-ring.ts";
import { fromJwk, type VerificationKey } from "./verification-key.ts";

/** Where one key comes from: a text that may differ between requests (or be absent), and what to make of it. */
export interface KeySource<K> {
  text: Evaluate<string | undefined>;
  make(text: string): K | undefined;
}

/** Where the keys of a policy come from. */
export interface KeySources {
  /** Addresses of OpenID metadata documents. */
  metadata: readonly Evaluate<string>[];
  signing: readonly KeySource<VerificationKey>[];
  decryption: readonly KeySource<DecryptionKey>[];
}

/** Rings kept for one policy: expressions may lead to different keys from request to request (one tenant each). */
const MOST_RINGS = 16;

/** A metadata document that could not be had contributes nothing. */
type Metadata = OpenIdConfiguration | undefined;

/**
 * The keys of one policy. Makes a {@link KeyRing} of what the sources give now, and gives back the same ring as long as
 * they give the same: that is what makes a ring's memory of verified tokens safe.
 */
export class TokenKeys {
  readonly #sources: KeySources;
  /** Most recently used first. */
  readonly #rings: { inputs: readonly unknown[]; ring: KeyRing }[] = [];

  constructor(sources: KeySources) {
    this.#sources = sources;
  }

  /** The ring for a request, at once when all metadata is at hand. */
  ring(x: Exchange): KeyRing | Promise<KeyRing> {
    return this.#ring(x, false);
  }

  /**
   * The ring to verify an opened token with: metadata is read anew when the token names a key that is not known,
   * as often as the store of metadata grants it.
   */
  ringFor(x: Exchange, opened: string, ring: KeyRing): KeyRing | Promise<KeyRing> {
    return this.#sources.metadata.length === 0 || ring.knowsKeyOf(opened) ? ring : this.#ring(x, true);
  }

  #ring(x: Exchange, unknownKey: boolean): KeyRing | Promise<KeyRing> {
    const metadata = this.#sources.metadata.map((url) => readMetadata(x, url(x), unknownKey));
    return metadata.some((answer) => answer instanceof Promise)
      ? Promise.all(metadata).then((arrived) => this.#find(x, arrived))
      : this.#find(x, metadata as Metadata[]);
  }

  #find(x: Exchange, metadata: readonly Metadata[]): KeyRing {
    const { signing, decryption } = this.#sources;
    const inputs: unknown[] = [];
    for (const document of metadata) inputs.push(document?.keys, document?.issuer);
    for (const source of signing) inputs.push(source.text(x));
    for (const source of decryption) inputs.push(source.text(x));
    const index = this.#rings.findIndex((known) => same(known.inputs, inputs));
    if (index === 0) return (this.#rings[0] as { ring: KeyRing }).ring;
    const [known] = index > 0 ? this.#rings.splice(index, 1) : [{ inputs, ring: this.#make(metadata, inputs) }];
    this.#rings.unshift(known as { inputs: readonly unknown[]; ring: KeyRing });
    this.#rings.length = Math.min(this.#rings.length, MOST_RINGS);
    return (known as { ring: KeyRing }).ring;
  }

  #make(metadata: readonly Metadata[], inputs: readonly unknown[]): KeyRing {
    const texts = inputs.slice(2 * metadata.length) as (string | undefined)[];
    const made = <K>(sources: readonly KeySource<K>[], from: number): K[] =>
      sources.flatMap(({ make }, i) => {
        const text = texts[from + i];
        return (text === undefined ? undefined : make(text)) ?? [];
      });
    const { signing, decryption } = this.#sources;
    const published = metadata.flatMap((document) => document?.keys.flatMap((jwk) => fromJwk(jwk) ?? []) ?? []);
    return new KeyRing(
      [...published, ...made(signing, 0)],
      made(decryption, signing.length),
      metadata.map((document) => document?.issuer),
    );
  }
}

function readMetadata(x: Exchange, url: string, unknownKey: boolean): Metadata | Promise<Metadata> {
  try {
    const answer = x.services.openIdKeys.get(url, unknownKey);
    return answer instanceof Promise ? answer.catch(() => undefined) : answer;
  } catch {
    return undefined;
  }
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
