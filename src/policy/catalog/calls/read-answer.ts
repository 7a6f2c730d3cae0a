import { BodyTooLargeError } from "../../exchange/body.ts";
import { BackendError } from "../../exchange/errors.ts";
import type { ResponseMessage } from "../../exchange/message.ts";

/**
 * Brings the body of an answer into memory, where expressions can read it, before `ms` have passed.
 * @throws {BackendError} when it is late, breaks off or cannot be decoded. @throws {BodyTooLargeError}
 */
export async function readAnswer(response: ResponseMessage, limit: number, ms: number): Promise<void> {
  const { source } = response.body;
  let timer: NodeJS.Timeout | undefined;
  try {
    const reading = response.readBody(limit);
    if (!reading) return;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          source?.cancel();
          reject(new BackendError("timeout", "The response was not complete in time."));
        },
        Math.max(0, ms),
      );
    });
    await Promise.race([reading, late]);
  } catch (error) {
    if (error instanceof BackendError || error instanceof BodyTooLargeError) throw error;
    throw new BackendError("connection", `The response broke off: ${error instanceof Error ? error.message : error}`);
  } finally {
    clearTimeout(timer);
  }
}
