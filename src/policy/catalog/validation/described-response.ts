import type { DescribedResponse, OperationContract } from "../../../model/contract.ts";

/** What the description says of a status: by itself, by its class (`4XX`), or as `default`. */
export function describedResponse(
  contract: OperationContract | null | undefined,
  status: number,
): DescribedResponse | undefined {
  const find = (key: string) => contract?.responses.find((response) => response.status === key);
  return find(String(status)) ?? find(`${Math.floor(status / 100)}XX`) ?? find("default");
}
