import { describe, expect, it } from "vitest";
import { testExchange } from "../../../../testing/exchange.ts";
import { evaluateText } from "../../../vectors.ts";
import { CryptographicException } from "../../exceptions.ts";
import { isPkcs12, readPkcs12 } from "./pkcs12.ts";

/**
 * A self-signed certificate of a throw-away 1024-bit key, made for this test by `openssl pkcs12 -export`: once with
 * AES-256 and the password "secret", once with `-legacy` (RC2 and triple DES) and no password.
 */
const MODERN =
  "MIIGfwIBAzCCBjUGCSqGSIb3DQEHAaCCBiYEggYiMIIGHjCCAuIGCSqGSIb3DQEHBqCCAtMwggLPAgEAMIICyAYJKoZIhvcNAQcB" +
  "MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgbZeGvVsJe0AICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBsr" +
  "ppNQsmU3RcymPuah4zGAggJgKp9IIOfSmFmjV++4aRGo80F8wRxlcHEfTrUfJ3m6ysyEPVXVhiaBTUT+z2Vt9JVVPyUD4aYyxqNZ" +
  "3jR9zvaS4i17vXpFdbD+8y5s7+yeVA4ooEmcxP8JC0RRIiEZWgVPfjnCtDoctporLrj2/uTJv36w4OVJao6WhXTq78J01RZyrKQg" +
  "pIae1S/Mtfwx2JOKR1o3IT+IbPFVvIMBFJXFZuUY9NIGbZKiRDbIYhNPGLrO8I4fWhTxasP9P8CqtSOj+JfT4kV1O3eP7YAgoony" +
  "LgUn+H9R9mhZPyzRCoILW0pO3hqPJBGlyEyXJfXck1exQuFeQYgjAec5UQjBm2SI71tFvkW0rmQvYwoRNS5eEPBn3ncRjb3BDIU3" +
  "B6So1QiJn8K3O2OnQpX9aeR7iOVJxKhd7qbqq2KTAFp9MFfLlZv02zDo7EwQib4wxulBSmuLhJZfvZFbpBxIzuTp9zeZjNGpcVkS" +
  "//6SDRE2AZ6axg3teS01mOeVIfAULwOfZA1hW9ivLhlH51IgW95sl45om59M0OkHSJK3YYQseKg1MX5brDqLKE6j4iFsANQkxmlH" +
  "9EnagdXPIumTwktsL6F2NkIn0BD2lu/c+lCazd+t1mOTnOCVkK1aRGLcm/fNq9JHY61+8uWUJfvbzKik96txVs4h8uBtRsm4kx3Q" +
  "8bH4Vnt/cBA67bZul93TyOXpzr+mlNNRAbs6sCv8LdXqwqjSz8vzqwJyToJRqTBvQWt+0vnjaGL6Z2ALZLrC5AnlKgc9AdrNaYHq" +
  "fw4zVdMalYpzjRbGrCqztJJVXRFQooY2f+swggM0BgkqhkiG9w0BBwGgggMlBIIDITCCAx0wggMZBgsqhkiG9w0BDAoBAqCCAuEw" +
  "ggLdMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi0Z4Zrujm69QICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoE" +
  "ENH92D5LAa8j5EB8mozoj3AEggKA4VFdOYSBSIzOrI+72d9iqa53vB75a0/etO9Wb5+UCW2bv/1bjUBqekpJDoP89rSDv+F3r0vp" +
  "gMzU0KsGwqN/jIxupHmMBdN3Vv13BiNdACjQMPGeZW3ljBY2td2j5HQxbZ9l9uV8P4iSdFbEoZr0EfBLDOYShfbR68pC5iADaOAg" +
  "5OZls88cAMrN2xHgU49NU6TXFBfiLhg0TRrTCG05pcNsF1D7HOwEq5Z47Krzvw8Z2HaZfbW6aL7W9Af74d5jyIdiIx6Qb05pL/Wr" +
  "UAQ6uJ0RfAkmjHsvYzBM345mg1XfBrHQLiEnMkaV/VC9ryK8Hd+AbZrbuWV1oCYYl97EDsh8HW55Y3aMQZ2g+4JUZpCJHGhnATA3" +
  "5gmA0bd6OsLaGZQ4/I6RklKwiBALPuoFs4sSZKu3cVyIWhJ3EOGUDgeHshDUYG5ruDFNDhpSqFBNaaTb1FMsUQIOx68CvnMoAsT6" +
  "rPKVflIw/o800ffHzkBgo9n7X6uROhshgvVmB/ZyHBz9sBY6rW4QQvSNaC1lTbQJNAp5+8dl6Yprqx+5X/9bdQY7trW34n8PEE/c" +
  "lNdVv/o+scXYYHoNK9PDS02jFCo5i3C9cOzsukXRB7V+t+YhOBglmuqR1NwRV47Vox0vyCcgGm2quAXWcFQtczvQF3RmcHnJXy4m" +
  "S5wSMm24V5Aw+XSAMbNdvhg5dQLBw0gW3EK7oy9Wra0X7Xob+DldTMadvW5QDEpa3tofSw55NzLK119ZUgSeqqJAAJ2srdy8LYLl" +
  "WJzkAt6uFMtHNvDAHNuTL+ejfeObdLnBgQKLZb6tj9JWwBfi85UI7dlUQadQqihzI/38Q70s8aaFRIJkPDElMCMGCSqGSIb3DQEJ" +
  "FTEWBBQ3QDMKr3C5p31EBRSrb7515MvVNjBBMDEwDQYJYIZIAWUDBAIBBQAEIEUAUDaFa3JeTUTjhxJ3qe860VZFvutT3SSg6TMk" +
  "67G2BAhlouHZE03aYgICCAA=";
const LEGACY =
  "MIIF+QIBAzCCBb8GCSqGSIb3DQEHAaCCBbAEggWsMIIFqDCCAqcGCSqGSIb3DQEHBqCCApgwggKUAgEAMIICjQYJKoZIhvcNAQcB" +
  "MBwGCiqGSIb3DQEMAQYwDgQIVxEn8VZpqs4CAggAgIICYPcEn3jdvImVYySqdYSmODOlui9o29W4uSsURzaCNYQc5IUX9S/IOElP" +
  "oTKOumdph8paVuchAwgGfbIedxHE4Eq4KaLFiYg74MqH8nBvffDpd+q8gvCzeDIVY6T+vExVWAq8Ekn70/NkQYMcP5Rh6lO6K1/K" +
  "TWAJ1pQ4xwK4iTum6441S9jX2/ZtAganmGRV42BzDHa1xeIkNkfwlDuetQgLQBHvoGzYAK4gcqPjPK3Bk+8oUbeIKf0oZnJ9S4mF" +
  "K8FXcaIKSjlkg3J6yFWJEzJSG0KYKBp2ZrtPtnw58GTmg1gg99Q+pxpqXgdi7hjMvfUHDoQo3NIeRU2f9QgZzW30Yvv3R5OBWs90" +
  "gmlNI/190mGb9n7wsgbAEyThDnBUZzeg+uluIWRf+8/piLj4cc9raX14cokTa/GnjRtzkoTddv8JXbvUgE5qNfoxFzBe0cdr7bID" +
  "M2MytHWVUD9iWhY2IFTbUE84NxtljFGj18x0a3IILuJa7S7fmGnFbs0y78uXgYJaue4x87gyp78voHmYEF15c8EfYMw0qteolXiy" +
  "PFYEoC/471v62qE5/7otYrspdwtAc5CP7i3RWSLGAw4K84gdcfqHWo2cEWlPtt6w/nbclVEElG6QiTHzvkEG+lC3Pqbc8bpSwWk5" +
  "lxVQUUIIX1rn5/x3FmNBvDFXoaRQbDTCqDykeLBY4/orpCVlgXo8iTfpV6bS18Hfr4FPW/2a+TxVAiZnwXYw7ulWrGSFesGRvDLC" +
  "19LKXyKoqGhadjvsPFdpAHU1+t73GSblnJan1vWwf0EwrYG3cXje6EZsMIIC+QYJKoZIhvcNAQcBoIIC6gSCAuYwggLiMIIC3gYL" +
  "KoZIhvcNAQwKAQKgggKmMIICojAcBgoqhkiG9w0BDAEDMA4ECNXVRsihe+PGAgIIAASCAoBKhdRfzNkTuD4ti6vkPWsYMlkqCn3+" +
  "p1Y/8YM2faASVGDAbkSulPMUIHbACfnhhBHhy6GGs+O9KQYYG8avPRDRZKUmve3wQGRVGYDbhEskAEF70++0qP/XA3ggEzSnYQje" +
  "bOrQ5TdA9dkrSGRbL0XfSA6z8liC8t9PKJVvBRDO4JoNPxIYRVVF1czT7HxsHZDd7NiMOkIVrd2XBE3IzqpzIvUI+RsNll3+p4x9" +
  "JmLeptndv2EMOIUjjmNJvzD6DA7aCsbThBwg/LWau8UL3SLT+TcCPaYTbBWN45dTSfsrI5yV9sbajQ8OTI1QmTKzEifq1wNH0EVr" +
  "PrhFV4C6lN6CHkLhknouMoogl2n+6JmtUZejnr9RfJRnmQMTrFz7DYEWvR/EEOUzKpgiw5iaAn1eyLJXfaH5ZVTO8FQO0NO4Leb+" +
  "yWDTXfuVUIjxl5dlvf5sbuyOX3rIi1I7geLQuwIje7Bhg3HdV2wargas7D7q05eTgQscfSsvgJOtrZPfGLyFQ+8JZZSI5fs8dQNj" +
  "ZcKJZ5T7iGZ8+VA6irS7rnqv4qvomLtZ2XpAHIg51Qy7wIlg5JasdI5HJkWkM2dGiZGisIxisDOesjyZIsgyBCG/FKx4l2YaesLo" +
  "t1lZo0SJWpyvY5Ii+CASOj+W/iYYtL6FI5f59gkyh2vbKFYzvQnaJA8KI6EDHmREniea8ZRzLG0QLnqWv3/jJdgKC7eNjdoV46hM" +
  "qu7hNR/XDJPQkBmikGHIyAcuVKcbCH87q7Eh4pwRSENNwjktmLMgPk5+2GTAfiWDyGlmcgOzaHSZFXrKrdHf2+N0aWmu5DZrWm7f" +
  "LtVjPSQAU2fA9yd0pSEdwVChMSUwIwYJKoZIhvcNAQkVMRYEFDdAMwqvcLmnfUQFFKtvvnXky9U2MDEwITAJBgUrDgMCGgUABBQz" +
  "BybVQYXeI6xj3lssAWD0gfU2xAQIG/uZ0ngQioMCAggA";
const THUMBPRINT = "3740330AAF70B9A77D440514AB6FBE75E4CBD536";

const exchange = testExchange();

function evaluate(expression: string): string {
  const { type, value } = evaluateText(expression, exchange);
  return type.startsWith("throws ") ? type : value;
}

describe("PKCS #12", () => {
  it.each([
    [MODERN, "secret"],
    [LEGACY, ""],
  ])("opens a file and gives the certificate with its key", (file, password) => {
    const certificate = `new X509Certificate2(Convert.FromBase64String("${file}"), "${password}", X509KeyStorageFlags.MachineKeySet)`;
    expect(evaluate(`${certificate}.Thumbprint`)).toBe(THUMBPRINT);
    const signs = `@{ var c = ${certificate}; var rsa = c.GetRSAPrivateKey() as RSACng; var data = new byte[] { 1, 2 };
      var signature = rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
      return c.HasPrivateKey + " " + c.GetRSAPublicKey().VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1); }`;
    expect(evaluate(signs)).toBe("True True");
  });

  it("refuses a wrong password, and what is no such file", () => {
    expect(evaluate(`new X509Certificate2(Convert.FromBase64String("${MODERN}"), "wrong")`)).toBe(
      "throws CryptographicException",
    );
    expect(evaluate("new X509Certificate2(new byte[] { 1, 2, 3 })")).toBe("throws CryptographicException");
    expect(isPkcs12(Uint8Array.of(0x30, 3, 2, 1, 3))).toBe(false);
  });

  it("fails cleanly on every cut and on flipped bits", () => {
    const bytes = new Uint8Array(Buffer.from(LEGACY, "base64"));
    const outcome = (input: Uint8Array) => {
      try {
        readPkcs12(input, "");
        return null;
      } catch (error) {
        return error;
      }
    };
    for (let size = 0; size < bytes.length; size += 97)
      expect(outcome(bytes.slice(0, size))).toBeInstanceOf(CryptographicException);
    for (let at = 0; at < bytes.length; at += 61) {
      const error = outcome(bytes.map((byte, i) => (i === at ? byte ^ 0x41 : byte)));
      if (error !== null) expect(String(error)).toMatch(/Exception|Budget/);
    }
  });

  it("tells about the certificate", () => {
    const certificate = `new X509Certificate2(Convert.FromBase64String("${LEGACY}"))`;
    expect(evaluate(`${certificate}.PublicKey.Oid.FriendlyName + ${certificate}.SignatureAlgorithm.FriendlyName`)).toBe(
      "RSAsha256RSA",
    );
    expect(evaluate(`${certificate}.GetKeyAlgorithm()`)).toBe("1.2.840.113549.1.1.1");
    expect(evaluate(`${certificate}.PublicKey.Key.KeySize`)).toBe("1024");
    expect(evaluate(`X509Certificate2.GetCertContentType(Convert.FromBase64String("${LEGACY}"))`)).toBe("Pfx");
  });
});
