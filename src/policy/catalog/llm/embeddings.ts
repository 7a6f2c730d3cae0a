import type { Exchange } from "../../exchange/exchange.ts";
import { queryPairs, type UrlParts } from "../../exchange/url.ts";
import { isObject, items } from "./json-shape.ts";
import { postJson, unusable } from "./service-call.ts";

const TIMEOUT_MS = 10_000;
/** Numbers of a vector; the largest models in use give 4096. */
const MOST_DIMENSIONS = 8192;
/** Version of the Azure OpenAI API where the backend's URL names none (unconfirmed which one the service uses). */
const API_VERSION = "2024-10-21";
/** What an API that is told the model in the request is asked for: its backend has nowhere to say so (unconfirmed). */
const MODEL = "text-embedding-3-small";

/**
 * The embedding of a text as a vector of length 1, so that the product of two is the cosine of their angle.
 * @param backendId a backend whose URL is an embeddings API in OpenAI's form, with or without `/embeddings` at its end.
 * @throws {PolicyError} where there is none to be had.
 */
export async function embed(x: Exchange, backendId: string, text: string): Promise<Float32Array> {
  const make = (base: UrlParts) => {
    // Azure's address of a deployment names the model.
    const deployed = /\/deployments\/[^/]+/.test(base.path);
    return { url: embeddingsAddress(base, deployed), content: { input: text, ...(deployed ? {} : { model: MODEL }) } };
  };
  const answer = await postJson(x, backendId, make, TIMEOUT_MS);
  const [first] = isObject(answer) ? items(answer.data) : [];
  const vector = isObject(first) ? unitVector(first.embedding) : undefined;
  if (!vector) throw unusable(`The backend "${backendId}" did not answer with an embedding.`);
  return vector;
}

function embeddingsAddress(base: UrlParts, deployed: boolean): UrlParts {
  const path = /\/embeddings\/?$/.test(base.path) ? base.path : `${base.path.replace(/\/$/, "")}/embeddings`;
  const versioned = !deployed || queryPairs(base.query).some(([name]) => name === "api-version");
  if (versioned) return { ...base, path };
  return { ...base, path, query: `${base.query === "" ? "?" : `${base.query}&`}api-version=${API_VERSION}` };
}

function unitVector(embedding: unknown): Float32Array | undefined {
  if (!Array.isArray(embedding) || embedding.length === 0 || embedding.length > MOST_DIMENSIONS) return undefined;
  const vector = new Float32Array(embedding.length);
  let squares = 0;
  for (let i = 0; i < embedding.length; i++) {
    const number: unknown = embedding[i];
    if (typeof number !== "number") return undefined;
    vector[i] = number;
    squares += number * number;
  }
  const length = Math.sqrt(squares);
  if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return undefined;
  return vector.map((number) => number / length);
}
