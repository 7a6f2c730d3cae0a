/**
 * The .NET exceptions that expressions raise and catch. Every run-time failure of generated code is one of these;
 * `catch (FormatException)` matches by JavaScript inheritance, which mirrors the .NET hierarchy.
 */
export class ClrException extends Error {
  readonly innerException: ClrException | null;
  /** Full CLR name, such as `System.FormatException`; each class sets its own. */
  static readonly clrName: string = "System.Exception";

  constructor(message = "Exception of type 'System.Exception' was thrown.", inner: ClrException | null = null) {
    super(message);
    this.innerException = inner;
    this.name = this.clrName;
  }

  get clrName(): string {
    return (this.constructor as typeof ClrException).clrName;
  }
}

export class SystemException extends ClrException {
  static override readonly clrName: string = "System.SystemException";
}
export class ArithmeticException extends SystemException {
  static override readonly clrName: string = "System.ArithmeticException";
}
export class DivideByZeroException extends ArithmeticException {
  static override readonly clrName: string = "System.DivideByZeroException";
  constructor(message = "Attempted to divide by zero.") {
    super(message);
  }
}
export class OverflowException extends ArithmeticException {
  static override readonly clrName: string = "System.OverflowException";
  constructor(message = "Arithmetic operation resulted in an overflow.") {
    super(message);
  }
}
export class FormatException extends SystemException {
  static override readonly clrName: string = "System.FormatException";
  constructor(message = "Input string was not in a correct format.") {
    super(message);
  }
}
export class UriFormatException extends FormatException {
  static override readonly clrName: string = "System.UriFormatException";
  constructor(message = "Invalid URI: The format of the URI could not be determined.") {
    super(message);
  }
}
export class InvalidCastException extends SystemException {
  static override readonly clrName: string = "System.InvalidCastException";
  constructor(message = "Specified cast is not valid.") {
    super(message);
  }
}
export class NullReferenceException extends SystemException {
  static override readonly clrName: string = "System.NullReferenceException";
  constructor(message = "Object reference not set to an instance of an object.") {
    super(message);
  }
}
export class IndexOutOfRangeException extends SystemException {
  static override readonly clrName: string = "System.IndexOutOfRangeException";
  constructor(message = "Index was outside the bounds of the array.") {
    super(message);
  }
}
export class KeyNotFoundException extends SystemException {
  static override readonly clrName: string = "System.Collections.Generic.KeyNotFoundException";
  constructor(message = "The given key was not present in the dictionary.") {
    super(message);
  }
}
export class InvalidOperationException extends SystemException {
  static override readonly clrName: string = "System.InvalidOperationException";
}
export class ObjectDisposedException extends InvalidOperationException {
  static override readonly clrName: string = "System.ObjectDisposedException";
}
export class NotSupportedException extends SystemException {
  static override readonly clrName: string = "System.NotSupportedException";
  constructor(message = "Specified method is not supported.") {
    super(message);
  }
}
export class NotImplementedException extends SystemException {
  static override readonly clrName: string = "System.NotImplementedException";
  constructor(message = "The method or operation is not implemented.") {
    super(message);
  }
}
export class ArgumentException extends SystemException {
  static override readonly clrName: string = "System.ArgumentException";
  readonly paramName: string | null;
  constructor(message = "Value does not fall within the expected range.", paramName: string | null = null) {
    super(paramName === null ? message : `${message}\nParameter name: ${paramName}`);
    this.paramName = paramName;
  }
}
export class ArgumentNullException extends ArgumentException {
  static override readonly clrName: string = "System.ArgumentNullException";
  constructor(paramName: string | null = null, message = "Value cannot be null.") {
    super(message, paramName);
  }
}
export class ArgumentOutOfRangeException extends ArgumentException {
  static override readonly clrName: string = "System.ArgumentOutOfRangeException";
  constructor(paramName: string | null = null, message = "Specified argument was out of the range of valid values.") {
    super(message, paramName);
  }
}
export class TimeoutException extends SystemException {
  static override readonly clrName: string = "System.TimeoutException";
}
export class CryptographicException extends SystemException {
  static override readonly clrName: string = "System.Security.Cryptography.CryptographicException";
}
export class XmlException extends SystemException {
  static override readonly clrName: string = "System.Xml.XmlException";
}
export class JsonException extends ClrException {
  static override readonly clrName: string = "Newtonsoft.Json.JsonException";
}
export class JsonReaderException extends JsonException {
  static override readonly clrName: string = "Newtonsoft.Json.JsonReaderException";
}
export class JsonSerializationException extends JsonException {
  static override readonly clrName: string = "Newtonsoft.Json.JsonSerializationException";
}

/**
 * An expression used up its budget (loop turns, string growth, regular-expression work). Not a .NET type, and
 * `catch (Exception)` in an expression does not catch it: a hostile loop must not outlive its budget.
 */
export class BudgetExceededError extends Error {
  constructor(what: string) {
    super(`The expression exceeded its budget: ${what}.`);
    this.name = "BudgetExceededError";
  }
}
