/** Somebody who must stop when a signal is aborted. */
export interface AbortHook {
  handleAbort(): void;
  /** For {@link watchSignal} alone. */
  abortListener?: (() => void) | undefined;
}

const HOOKS = Symbol("hooks");
type HookedSignal = AbortSignal & { [HOOKS]?: ClientAbort };

/**
 * The abort signal of one client request. Event listeners on an AbortSignal cost more than the rest of forwarding's
 * bookkeeping, and each request would add and remove one: our own code hooks into the signal directly instead, while
 * to everybody else it is an AbortSignal like any other.
 */
export class ClientAbort {
  readonly #controller = new AbortController();
  #first: AbortHook | undefined;
  #others: Set<AbortHook> | undefined;

  constructor() {
    (this.#controller.signal as HookedSignal)[HOOKS] = this;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    const first = this.#first;
    const others = this.#others;
    this.#first = undefined;
    this.#others = undefined;
    this.#controller.abort(reason);
    first?.handleAbort();
    if (others) for (const hook of others) hook.handleAbort();
  }

  add(hook: AbortHook): void {
    if (this.#first === undefined) this.#first = hook;
    else (this.#others ??= new Set()).add(hook);
  }

  remove(hook: AbortHook): void {
    if (this.#first === hook) this.#first = undefined;
    else this.#others?.delete(hook);
  }
}

/** Has `hook` called when `signal` is aborted from now on. */
export function watchSignal(signal: AbortSignal, hook: AbortHook): void {
  const own = (signal as HookedSignal)[HOOKS];
  if (own) {
    own.add(hook);
    return;
  }
  hook.abortListener = () => hook.handleAbort();
  signal.addEventListener("abort", hook.abortListener);
}

/** Takes back {@link watchSignal}. Safe at any time. */
export function unwatchSignal(signal: AbortSignal, hook: AbortHook): void {
  const own = (signal as HookedSignal)[HOOKS];
  if (own) own.remove(hook);
  else if (hook.abortListener) signal.removeEventListener("abort", hook.abortListener);
}
